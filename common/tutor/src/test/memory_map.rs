//! Checks the memory map that a kernel prints against the memory that its machine has.
//!
//! Whatever is in memory, the pieces must add up. Only the firmware's pieces are left out, since
//! they may lie where no memory is; on a PC that hides the first MiB and a little at the end.

/// How much the firmware may have for itself.
const FIRMWARE: u64 = 2 << 20;

/// All memory of a machine with `mebibytes` must be in the map in `console`, if there is one.
pub fn account_for(console: &str, mebibytes: u64) -> Result<(), String> {
    let lines = console.lines().skip_while(|line| *line != "memory:").skip(1);
    let regions: Vec<&str> = lines.take_while(|line| line.starts_with("  0x")).collect();
    if regions.is_empty() {
        return Ok(());
    }
    let mut bytes = 0;
    for region in regions.iter().filter(|region| !region.ends_with("  firmware")) {
        bytes += size(region).ok_or_else(|| format!("not a region of memory: {region}"))?;
    }
    let all = mebibytes << 20;
    if (all - FIRMWARE..=all).contains(&bytes) {
        return Ok(());
    }
    Err(format!("the map has {bytes} bytes of memory, and the machine {all}"))
}

/// The bytes of a region such as `  0x1000..0x2000  4 KiB  usable`.
fn size(region: &str) -> Option<u64> {
    let (start, end) = region.split_whitespace().next()?.split_once("..")?;
    let number = |text: &str| u64::from_str_radix(text.strip_prefix("0x")?, 16).ok();
    number(end)?.checked_sub(number(start)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "hello
memory:
  0x000000..0x100000    1024 KiB  firmware
  0x100000..0x200000    1024 KiB  kernel
  0x200000..0x800000    6144 KiB  usable
frames: 7/7 free
";

    #[test]
    fn pieces_must_add_up() {
        assert_eq!(account_for(MAP, 8), Ok(()));
        assert_eq!(account_for(MAP, 7), Ok(()));
        assert_eq!(account_for(MAP, 9), Ok(()));
        assert!(account_for(MAP, 6).is_err());
        assert!(account_for(MAP, 10).is_err());
    }

    #[test]
    fn no_map_is_no_error() {
        assert_eq!(account_for("hello\n", 8), Ok(()));
    }

    #[test]
    fn nonsense_is_an_error() {
        assert!(account_for("memory:\n  0x..0x0 KiB\n", 8).is_err());
    }
}
