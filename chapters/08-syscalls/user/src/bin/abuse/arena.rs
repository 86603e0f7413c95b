//! Memory to be abused, and addresses of all kinds.

use core::sync::atomic::{AtomicBool, Ordering};

use linux_raw_sys::general;
use user::memory::{self, NONE, PAGE, READ, WRITE};
use user::report::{KERNEL, NOWHERE, ask_silently};
use user::{Errno, thread, time};

/// Pages that may be used, and become whatever comes.
const PAGES: usize = 64;

/// What nobody may write. It does not begin where a page does, so nobody takes it away, either.
#[repr(C, align(4096))]
pub struct Constant(u64, pub [u8; 16], [u8; 4072]);

static CONSTANT: Constant = Constant(0, *b"nobody writes me", [0; 4072]);

/// Memory behind which nothing is.
#[derive(Clone, Copy)]
pub struct Arena {
    pub start: usize,
}

/// Far from where the kernel puts what may be anywhere: a hole in the arena must not become a
/// thread's stack, of which calls by chance would take the rights away.
const PLACE: usize = 0x10_0000_0000;

impl Arena {
    pub fn new() -> Result<Self, Errno> {
        let flags = general::MAP_PRIVATE | general::MAP_ANONYMOUS | general::MAP_FIXED_NOREPLACE;
        let bytes = (PAGES + 1) * PAGE;
        let map = [PLACE, bytes, (READ | WRITE) as usize, flags as usize, usize::MAX, 0];
        // SAFETY: the kernel refuses a place where something is.
        let start = unsafe { ask_silently(general::__NR_mmap, &map) }?;
        // SAFETY: nobody uses it yet.
        unsafe { memory::protect(start + PAGES * PAGE, PAGE, NONE) }?;
        Ok(Self { start })
    }

    /// A page of the first half. What reaches no further than 16 pages stays inside.
    pub fn page(self, index: usize) -> usize {
        self.start + index % (PAGES / 2) * PAGE
    }

    /// The same, with `content` and zeroes at its beginning, whatever the calls before have left
    /// there.
    pub fn page_with(self, index: usize, content: &[u8]) -> usize {
        let mut bytes = [0; 512];
        bytes[..content.len()].copy_from_slice(content);
        let page = self.page(index);
        // SAFETY: it is the arena's, and nobody takes it away while addresses are tried.
        unsafe { (page as *mut [u8; 512]).write(bytes) };
        page
    }

    /// Addresses that are none, or not for programs.
    pub fn worst(self) -> [usize; 8] {
        [
            0,
            KERNEL,
            KERNEL + 0x4000_0000,
            usize::MAX - 15,
            usize::MAX,
            1 << 63,
            0x7fff_ffff_eff8,
            NOWHERE,
        ]
    }

    /// Addresses that are good for some things only: misaligned, behind which nothing is,
    /// read-only, code.
    pub fn bad(self) -> [usize; 5] {
        let constant = CONSTANT.1.as_ptr() as usize;
        let code = Self::new as *const () as usize | 1;
        [self.start + 1, self.start + PAGES * PAGE - 4, constant, constant + 3, code]
    }
}

/// Whether the constant is one.
pub fn is_constant() -> bool {
    core::hint::black_box(&CONSTANT).1 == *b"nobody writes me"
}

/// Takes memory away and gives it back, while another thread has the kernel read and write there.
pub fn unmap_meanwhile(rounds: usize) -> i32 {
    static IS_DONE: AtomicBool = AtomicBool::new(false);
    const BYTES: usize = 4 * PAGE;
    let Ok(start) = memory::map(BYTES, READ | WRITE) else { return 1 };
    let other = thread::spawn(move || {
        while !IS_DONE.load(Ordering::Relaxed) {
            let flags = general::MAP_PRIVATE | general::MAP_ANONYMOUS | general::MAP_FIXED;
            let map = [start, BYTES, (READ | WRITE) as usize, flags as usize, usize::MAX, 0];
            // SAFETY: nobody but the kernel uses it.
            let _ = unsafe { memory::unmap(start + PAGE, BYTES - PAGE) };
            // Where the timer interrupts this thread it is chance; here it is not.
            time::yield_now();
            // SAFETY: as above.
            let _ = unsafe { ask_silently(general::__NR_mmap, &map) };
            time::yield_now();
            // SAFETY: as above.
            let _ = unsafe { memory::protect(start, PAGE, READ) };
        }
    });
    let Ok(other) = other else { return 2 };
    let mut failed = 0;
    for _ in 0..rounds {
        // SAFETY: the kernel writes where nobody else looks.
        let filled = unsafe { ask_silently(general::__NR_getrandom, &[start, BYTES, 0]) };
        // SAFETY: the kernel only reads, and does not know the descriptor.
        let read = unsafe { ask_silently(general::__NR_rt_sigprocmask, &[0, start + PAGE, 0, 8]) };
        let is_right = |answer| matches!(answer, Ok(0..=BYTES) | Err(Errno::EFAULT));
        if !is_right(filled) || !is_right(read) {
            return 3;
        }
        failed += usize::from(filled != Ok(BYTES)) + usize::from(read.is_err());
        if read.is_err() {
            time::yield_now();
        }
    }
    IS_DONE.store(true, Ordering::Relaxed);
    let _ = other.join();
    // If that never happened nothing was tried.
    i32::from(failed == 0) * 4
}

/// Takes all the memory that there is, and ends with it.
pub fn hog() -> i32 {
    let mut bytes = 1 << 30;
    let mut taken = 0;
    while bytes >= PAGE {
        match memory::map(bytes, READ | WRITE) {
            Ok(_) => taken += bytes,
            Err(Errno::ENOMEM) => bytes /= 2,
            Err(_) => return 1,
        }
    }
    // With nothing left the kernel still answers.
    i32::from(taken == 0 || user::process::fork() != Err(Errno::ENOMEM)) * 2
}
