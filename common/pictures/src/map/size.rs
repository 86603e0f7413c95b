//! Sizes, as people say them.

use std::fmt;

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

impl fmt::Display for Size {
    /// Writes it in the largest unit of which there are at least ten, or a whole number; with one
    /// digit behind the point unless it is a whole number.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        const UNITS: &[(&str, u64)] =
            &[("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
        let Self(bytes) = *self;
        let is_whole = |one: u64| bytes >= one && bytes.is_multiple_of(one);
        match UNITS.iter().find(|(_, one)| is_whole(*one) || bytes >= 10 * one) {
            None => write!(f, "{bytes} bytes"),
            Some((name, one)) if is_whole(*one) => write!(f, "{} {name}", bytes / one),
            Some((name, one)) => write!(f, "{:.1} {name}", bytes as f64 / *one as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn the_unit_fits_the_size() {
        let told = |bytes| Size(bytes).to_string();
        assert_eq!(told(0), "0 bytes");
        assert_eq!(told(8), "8 bytes");
        assert_eq!(told(188 << 10), "188 KiB");
        assert_eq!(told(0xc_feb0), "831.7 KiB");
        assert_eq!(told(12 << 30), "12 GiB");
        assert_eq!(told((128 << 40) - 4096), "128.0 TiB");
        assert_eq!(told(2044 << 10), "2044 KiB");
        assert_eq!(told(3 << 50), "3072 TiB");
    }
}
