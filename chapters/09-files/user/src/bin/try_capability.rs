//! Tries out capabilities: what may be given up, what comes back with another program, and what can
//! be done without them.
//!
//! A program that is started with fewer of them finds the same: all that is said is how they
//! change.

#![no_std]
#![no_main]

use core::cell::UnsafeCell;

use linux_raw_sys::{general, prctl};
use user::capability::{self, SYS_ADMIN, SYS_BOOT, SYS_TIME, Sets};
use user::process;
use user::report::{self, KERNEL, NOWHERE};
use user::{Errno, Start};

/// A number that no process has.
const NOBODY: u32 = 1_999_999_999;

/// The versions of the interface.
const VERSIONS: [u32; 3] = [
    general::_LINUX_CAPABILITY_VERSION_1,
    general::_LINUX_CAPABILITY_VERSION_2,
    general::_LINUX_CAPABILITY_VERSION_3,
];

/// To shrink the bounding set.
const SETPCAP: u32 = general::CAP_SETPCAP;

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    if start.arguments().nth(1).is_some() {
        state("after execve");
        return 0;
    }
    state("at first");
    versions();
    headers();
    report::child("a child that drops one", drop_one);
    report::child("a child that drops one for good", drop_for_good);
    report::child("a child that keeps one by inheritance", inherit);
    report::child("a child that may not shrink the bounding set", cannot_shrink);
    report::child("a child without rights", powerless);
    state("at last");
    0
}

/// Asks for a call of this file.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: what the kernel may write to is in cells, or not ours.
    unsafe { report::ask_silently(number, arguments) }
}

/// Says where CAP_SYS_BOOT is.
fn state(when: &str) {
    report::value("capability: to switch off", when);
    let Ok(sets) = capability::get() else { return report::truth("capget", false) };
    report::truth("capability: effective", has(sets.effective));
    report::truth("capability: permitted", has(sets.permitted));
    report::truth("capability: inheritable", has(sets.inheritable));
    report::truth("capability: bounding", capability::is_bounded_in(SYS_BOOT) == Ok(true));
}

fn has(set: u64) -> bool {
    set & bit(SYS_BOOT) != 0
}

fn bit(capability: u32) -> u64 {
    1 << capability
}

fn versions() {
    let data = UnsafeCell::new([[u32::MAX; 3]; 2]);
    let data = data.get() as usize;
    for version in VERSIONS.into_iter().chain([0, 7, u32::MAX]) {
        for data in [0, data] {
            let header = UnsafeCell::new([version, 0]);
            let place = header.get() as usize;
            report::answer("capget: a version", ask(general::__NR_capget, &[place, data]));
            let [found, _] = header.into_inner();
            report::truth("capget: it stays", found == version);
            report::truth("capget: it is the third", found == VERSIONS[2]);
        }
        let header = UnsafeCell::new([version, NOBODY]);
        let place = header.get() as usize;
        report::answer("capset: a version", ask(general::__NR_capset, &[place, data]));
    }
    let data = UnsafeCell::new([[u32::MAX; 3]; 2]);
    let header = UnsafeCell::new([VERSIONS[0], 0]);
    let arguments = [header.get() as usize, data.get() as usize];
    report::answer("capget: the first version", ask(general::__NR_capget, &arguments));
    let data = data.into_inner();
    report::truth("capget: has 32 bits", data[0] != [u32::MAX; 3] && data[1] == [u32::MAX; 3]);
}

fn headers() {
    let data = UnsafeCell::new([[0_u32; 3]; 2]);
    let data = data.get() as usize;
    for who in [1, NOBODY, u32::MAX, 1 << 31] {
        for data in [0, data] {
            let header = UnsafeCell::new([VERSIONS[2], who]);
            let arguments = [header.get() as usize, data];
            report::answer("capget: of another", ask(general::__NR_capget, &arguments));
            // The first process may be this one.
            if who != 1 {
                report::answer("capset: of another", ask(general::__NR_capset, &arguments));
            }
        }
    }
    let header = UnsafeCell::new([VERSIONS[2], 0]);
    let header = header.get() as usize;
    for place in [0, NOWHERE, KERNEL] {
        report::answer("capget: from nowhere", ask(general::__NR_capget, &[place, data]));
        report::answer("capset: from nowhere", ask(general::__NR_capset, &[place, data]));
        report::answer("capget: to nowhere", ask(general::__NR_capget, &[header, place]));
        report::answer("capset: data nowhere", ask(general::__NR_capset, &[header, place]));
    }
    for number in [0, 40, 41, 63, 64, usize::MAX, 1 << 32] {
        let arguments = [prctl::PR_CAPBSET_READ as usize, number];
        report::outcome("prctl: PR_CAPBSET_READ", ask(general::__NR_prctl, &arguments));
    }
    for number in [41, 64, 1 << 32] {
        let arguments = [prctl::PR_CAPBSET_DROP as usize, number];
        report::answer("prctl: PR_CAPBSET_DROP", ask(general::__NR_prctl, &arguments));
    }
}

fn drop_one() -> i32 {
    let Ok(all) = capability::get() else { return 1 };
    let keep = !bit(SYS_BOOT);
    let sets = |effective: u64, permitted: u64, inheritable: u64| Sets {
        effective: all.effective & effective,
        permitted: all.permitted & permitted,
        inheritable,
    };
    report::outcome("capset: more than permitted", capability::set(&sets(!0, keep, 0)));
    report::outcome("capset: not effective", capability::set(&sets(keep, !0, 0)));
    state("not effective");
    report::outcome("capset: effective again", capability::set(&sets(!0, !0, 0)));
    report::outcome("capset: not permitted", capability::set(&sets(keep, keep, 0)));
    state("not permitted");
    report::outcome("capset: permitted again", capability::set(&sets(!0, !0, 0)));
    report::outcome("capset: permitted only", capability::set(&sets(keep, !0, 0)));
    report::child("its child", || {
        state("in a child");
        0
    });
    again()
}

fn drop_for_good() -> i32 {
    report::outcome("capability: dropped", capability::drop(SYS_BOOT));
    report::outcome("prctl: PR_CAPBSET_DROP", capability::drop_bound(SYS_BOOT));
    report::outcome("prctl: and again", capability::drop_bound(SYS_BOOT));
    state("dropped for good");
    again()
}

fn inherit() -> i32 {
    let Ok(all) = capability::get() else { return 1 };
    let wanted = Sets { inheritable: bit(SYS_BOOT), ..all };
    report::outcome("capset: inheritable", capability::set(&wanted));
    report::outcome("prctl: PR_CAPBSET_DROP", capability::drop_bound(SYS_BOOT));
    state("inherited");
    again()
}

fn cannot_shrink() -> i32 {
    let Ok(all) = capability::get() else { return 1 };
    let keep = !(bit(SETPCAP) | bit(SYS_BOOT));
    let less = Sets { effective: all.effective & keep, permitted: all.permitted & keep, ..all };
    report::outcome("capset: without CAP_SETPCAP", capability::set(&less));
    report::outcome("prctl: PR_CAPBSET_DROP", capability::drop_bound(SYS_BOOT));
    report::outcome("prctl: of none", capability::drop_bound(64));
    let wanted = Sets { inheritable: bit(SYS_BOOT), ..less };
    report::outcome("capset: inherit what is not permitted", capability::set(&wanted));
    let wanted = Sets { inheritable: bit(general::CAP_CHOWN), ..less };
    report::outcome("capset: inherit what is permitted", capability::set(&wanted));
    0
}

fn powerless() -> i32 {
    let none = Sets { effective: 0, permitted: 0, inheritable: 0 };
    report::outcome("capset: nothing", capability::set(&none));
    let name = c"nobody".as_ptr() as usize;
    report::answer("sethostname", ask(general::__NR_sethostname, &[name, 6]));
    report::answer("sethostname: too long", ask(general::__NR_sethostname, &[name, 65]));
    report::answer("reboot", ask(general::__NR_reboot, &[0; 4]));
    let time = [1_u64, 0];
    let place = time.as_ptr() as usize;
    report::answer("clock_settime", ask(general::__NR_clock_settime, &[0, place]));
    for capability in [SYS_ADMIN, SYS_TIME] {
        let back = Sets { effective: bit(capability), permitted: bit(capability), inheritable: 0 };
        report::outcome("capset: something again", capability::set(&back));
    }
    0
}

/// Runs this program again, which says what it has.
fn again() -> i32 {
    let failed = process::execve(c"/proc/self/exe", &[c"try_capability", c"again"], &[]);
    report::answer("execve", Err(failed));
    1
}
