//! Tests of the command lines.

use super::*;

/// What QEMU is told to start `kernel` on `arch`.
fn words(kernel: &Kernel, arch: &str, console: Console) -> Vec<String> {
    let workspace = crate::workspace::Workspace::open().expect("this is a repository");
    let machine = &workspace.config.machines[arch];
    let launch = Launch::new(arch, machine, kernel, console);
    let command = launch.command(&Lines::default());
    command.get_args().map(|word| word.to_string_lossy().into_owned()).collect()
}

fn kernel(initramfs: Option<&str>, has_shell: bool) -> Kernel {
    Kernel {
        elf: "kernel".into(),
        image: "kernel.Image".into(),
        initramfs: initramfs.map(PathBuf::from),
        sleeps: has_shell,
        has_shell,
    }
}

#[test]
fn keys_are_signals_unless_there_is_a_shell() {
    for (has_shell, expected) in [(false, ",signal=on,"), (true, ",signal=off,")] {
        let console = Console::Terminal { copy: "console".into() };
        let words = words(&kernel(None, has_shell), "x86_64", console);
        let device = words.iter().find(|word| word.starts_with("stdio,"));
        assert!(device.is_some_and(|device| device.contains(expected)), "{device:?}");
    }
}

#[test]
fn programs_are_loaded_beside_the_kernel() {
    let kernel = |initramfs| kernel(initramfs, false);
    let words = |kernel: &Kernel, arch| words(kernel, arch, Console::Heard);
    for arch in ["aarch64", "x86_64"] {
        let with = words(&kernel(Some("kernel.initramfs")), arch);
        let initrd = with.windows(2).find(|pair| pair[0] == "-initrd");
        assert_eq!(initrd.map(|pair| pair[1].as_str()), Some("kernel.initramfs"));
        assert!(!with.contains(&"-bios".into()), "the small firmware passes no initrd");
        assert_eq!(with.contains(&"q35,sata=off".into()), arch == "x86_64");
        assert!(!words(&kernel(None), arch).contains(&"-initrd".into()));
    }
}

#[test]
fn a_shell_is_ended_unless_the_reader_is_to_be_heard() {
    let workspace = crate::workspace::Workspace::open().expect("this is a repository");
    let machine = &workspace.config.machines["x86_64"];
    let all_typed = |has_shell, typed: &[Typed]| {
        let kernel = kernel(None, has_shell);
        let mut launch = Launch::new("x86_64", machine, &kernel, Console::Heard);
        launch.typed = typed.to_vec();
        launch.all_typed()
    };
    let words = Typed::words("$ ", "ps\r");
    assert_eq!(all_typed(false, &[words]), [words]);
    assert_eq!(all_typed(true, &[words]), [words, Typed::END]);
    assert_eq!(all_typed(true, &[Typed::INPUT]), [Typed::INPUT]);
}

#[test]
fn commas_in_a_path_are_doubled() {
    assert_eq!(quoted(Path::new("/tmp/a,b c")), "/tmp/a,,b c");
    let name = OsString::from_vec(vec![0xff, b',']);
    assert_eq!(quoted(Path::new(&name)).as_bytes(), [0xff, b',', b',']);
}
