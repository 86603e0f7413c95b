//! Tests of calls by their handlers, for what a program on Linux must not try: it would change the
//! machine that it runs on.

use core::time::Duration;

use linux_raw_sys::errno::{EFAULT, EINVAL};
use linux_raw_sys::general::{
    __NR_clock_gettime as CLOCK_GETTIME, __NR_clock_settime as CLOCK_SETTIME,
    __NR_getrandom as GETRANDOM, __NR_reboot as REBOOT, __NR_sethostname as SETHOSTNAME,
    __NR_uname as UNAME,
};

use super::capability::Capability;
use super::{Context, Errno, table, words};
use crate::arch::{self, TrapFrame};
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::process::space::{self, AddressSpace};
use crate::process::{Exit, Process};
use crate::timer;

const PAGE: u64 = 0x40_0000;

/// Calls `act` while there is a page that a program may write.
fn with_memory(act: impl FnOnce()) {
    let mut space = AddressSpace::new().expect("boot leaves free frames");
    let page = VirtAddr(PAGE)..VirtAddr(PAGE + FRAME_SIZE);
    space.map(page, Access::WRITE).expect("boot leaves free frames");
    // SAFETY: it stays until it is left.
    unsafe { arch::switch_page_table(space.root()) };
    act();
    space::leave();
}

/// What the call `number` answers, whatever it needs.
fn call(number: u32, arguments: [u64; 6]) -> Result<usize, Errno> {
    let call = table::find(number).expect("it is known");
    let mut frame = TrapFrame::program(VirtAddr(PAGE), VirtAddr(PAGE));
    (call.handler)(&mut Context { arguments, frame: &mut frame })
}

/// What the machine is called.
fn host() -> [u8; 65] {
    assert_eq!(call(UNAME, [PAGE; 6]), Ok(0));
    words::read(PAGE + 65).expect("it was told")
}

/// Gives the machine the name in `text`.
fn set_host(text: &[u8]) -> Result<usize, Errno> {
    words::write(PAGE, text).expect("there is room");
    call(SETHOSTNAME, [PAGE, text.len() as u64, 0, 0, 0, 0])
}

ktest::test! {
    /// A name that the machine is given is what `uname` tells, all of it, and nothing of one
    /// before.
    fn hosts_have_the_name_that_they_get() {
        with_memory(|| {
            let before = host();
            assert_eq!(set_host(&[b'x'; 64]), Ok(0));
            assert_eq!(host()[..64], [b'x'; 64]);
            assert_eq!(host()[64], 0);
            assert_eq!(set_host(b"short"), Ok(0));
            assert_eq!(host()[..6], *b"short\0");
            assert!(host()[6..].iter().all(|byte| *byte == 0));
            assert_eq!(set_host(&[b'y'; 65]), Err(Errno(EINVAL)));
            assert_eq!(call(SETHOSTNAME, [0x10, 4, 0, 0, 0, 0]), Err(Errno(EFAULT)));
            assert_eq!(host()[..6], *b"short\0");
            let length = before.iter().position(|byte| *byte == 0).expect("it ends");
            assert_eq!(set_host(&before[..length]), Ok(0));
        });
    }

    /// The time of day is what it was set to, and goes on; other clocks stay as they are.
    fn time_of_day_can_be_set() {
        const TIME: Duration = Duration::new(1_700_000_000, 5);
        let set = |[seconds, nanoseconds]: [u64; 2]| {
            words::write_words(PAGE, &[seconds, nanoseconds]).expect("there is room");
            call(CLOCK_SETTIME, [0, PAGE, 0, 0, 0, 0])
        };
        let get = |clock: u64| {
            assert_eq!(call(CLOCK_GETTIME, [clock, PAGE, 0, 0, 0, 0]), Ok(0));
            let [seconds, nanoseconds] = words::read_words(PAGE).expect("it was told");
            Duration::new(seconds, nanoseconds as u32)
        };
        with_memory(|| {
            let other = get(1);
            assert_eq!(set([TIME.as_secs(), TIME.subsec_nanos().into()]), Ok(0));
            let found = get(0);
            assert!(found >= TIME && found < TIME + Duration::from_secs(10), "{found:?}");
            assert!(get(5) <= get(0) && get(5) + Duration::from_millis(20) > found);
            assert!(get(1) >= other && get(1) < other + Duration::from_secs(10));
            // Before the start of the machine, and too late for it.
            timer::sleep_until(Duration::from_nanos(1));
            assert_eq!(set([0, 0]), Err(Errno(EINVAL)));
            assert_eq!(set([i64::MAX as u64, 0]), Err(Errno(EINVAL)));
            assert!(get(0) >= found);
            let now = timer::now() + Duration::from_secs(1);
            assert_eq!(set([now.as_secs(), now.subsec_nanos().into()]), Ok(0));
        });
    }

    /// Who waits until a time of day goes by the clock that shows it, wherever that was set to.
    fn words_are_waited_for_by_the_time_of_day() {
        let set = |time: Duration| {
            with_memory(|| {
                let words = [time.as_secs(), time.subsec_nanos().into()];
                words::write_words(PAGE, &words).expect("there is room");
                assert_eq!(call(CLOCK_SETTIME, [0, PAGE, 0, 0, 0, 0]), Ok(0));
            });
        };
        set(Duration::from_secs(1_700_000_000));
        let words: [&[u8]; 3] = [b"bin/family", b"until", b"30"];
        let process = Process::new("bin/family", &words, &[]).expect("it came with the kernel");
        assert_eq!(process.run(), Exit::Exited(0));
        set(timer::now() + Duration::from_secs(1));
    }

    /// No bytes come twice, within one call or in two.
    fn random_bytes_differ() {
        with_memory(|| {
            let mut words = [[0_u64; 64]; 2];
            for words in &mut words {
                assert_eq!(call(GETRANDOM, [PAGE, 512, 0, 0, 0, 0]), Ok(512));
                *words = words::read_words(PAGE).expect("they were told");
            }
            let words = words.as_flattened();
            for (index, word) in words.iter().enumerate() {
                assert!(!words[..index].contains(word), "word {index}");
            }
        });
    }

    /// What is not all there gets as many bytes as there are.
    fn random_bytes_end_where_memory_ends() {
        with_memory(|| {
            let end = PAGE + FRAME_SIZE;
            assert_eq!(call(GETRANDOM, [end - 32, 48, 0, 0, 0, 0]), Ok(32));
            assert_eq!(call(GETRANDOM, [end, 48, 0, 0, 0, 0]), Err(Errno(EFAULT)));
            assert_eq!(call(GETRANDOM, [u64::MAX - 4, 48, 0, 0, 0, 0]), Err(Errno(EFAULT)));
        });
    }

    /// Some calls need a right, and most need none.
    fn rights_are_needed_where_linux_has_it() {
        let needs = |number: u32| table::find(number).and_then(|call| call.capability);
        assert_eq!(needs(REBOOT), Some(Capability::Boot));
        assert_eq!(needs(SETHOSTNAME), Some(Capability::Admin));
        assert_eq!(needs(CLOCK_SETTIME), Some(Capability::Time));
        assert_eq!(table::all().filter(|call| call.capability.is_some()).count(), 3);
    }
}
