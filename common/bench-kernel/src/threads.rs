//! What it costs to give the processor to another thread, and to make one.
//!
//! Threads of the kernel count themselves. Programs cannot: two of them yield to each other for
//! ever, the table of threads says how often, and the clock for how long.

use core::arch::global_asm;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use crate::bench::Bench;
use crate::interrupts::Masked;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::process::load::Entry;
use crate::process::space::AddressSpace;
use crate::process::{Name, Pid, Process};
use crate::scheduler::policy::Level;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Handle, Program, spawn_program, table};
use crate::{clock, timer};

// What a program does: it makes the system call whose number is at its stack pointer, over and
// over, with what lies 16 bytes above as its argument.
#[cfg(target_arch = "aarch64")]
global_asm!(
    ".globl call_program_begin",
    "call_program_begin:",
    "ldr x8, [sp]",
    "add x0, sp, #16",
    "svc #0",
    "b call_program_begin",
    ".globl call_program_end",
    "call_program_end:",
);

#[cfg(target_arch = "x86_64")]
global_asm!(
    ".globl call_program_begin",
    "call_program_begin:",
    "mov rax, [rsp]",
    "lea rdi, [rsp + 16]",
    "syscall",
    "jmp call_program_begin",
    ".globl call_program_end",
    "call_program_end:",
);

unsafe extern "C" {
    static call_program_begin: [u8; 0];
    static call_program_end: [u8; 0];
}

/// Where a program lies, and its first stack.
const CODE: VirtAddr = VirtAddr(0x40_0000);
const STACK: VirtAddr = VirtAddr(0x50_0000);

/// For how long two programs yield to each other.
const TIME: Duration = Duration::from_millis(100);

/// What somebody measured, in instructions.
static COST: AtomicU64 = AtomicU64::new(0);

/// How often it is done.
static TIMES: AtomicU64 = AtomicU64::new(0);

static QUEUE: WaitQueue = WaitQueue::new();

/// Measures all of it. There must be threads, and programs.
pub fn measure(bench: &mut Bench) {
    TIMES.store(bench.repetitions as u64, Ordering::Relaxed);
    measure_kernel_threads(bench);
    measure_wake(bench);
    let empty = bench.cost(|| {});
    let cost = bench.cost(|| spawn(Level::High, |_| {}).join());
    bench.note("thread", "kernel", cost, empty);
    let cost = bench.cost(|| {
        let process = Process::new("bin/status", &[b"bin/status", b"3"], &[]);
        process.expect("it is among the programs").run();
    });
    bench.note("process", "kernel", cost, empty);
    measure_programs(bench, "switch-threads", &mut [space()], 2);
    measure_programs(bench, "switch-processes", &mut [space(), space()], 1);
}

fn spawn(level: Level, work: fn(usize)) -> Handle {
    scheduler::spawn("bench", level, work, 0).expect("there is memory for a thread")
}

/// Two threads that yield to each other.
fn measure_kernel_threads(bench: &mut Bench) {
    fn give_way(_: usize) {
        let times = TIMES.load(Ordering::Relaxed);
        let start = clock::instructions();
        (0..times).for_each(|_| scheduler::yield_now());
        COST.store(clock::instructions() - start, Ordering::Relaxed);
    }
    let masked = Masked::new();
    let threads = [spawn(Level::Realtime, give_way), spawn(Level::Realtime, give_way)];
    drop(masked);
    threads.into_iter().for_each(Handle::join);
    // Both yield equally often, so each of them sees two switches for each of its own yields.
    bench.note_count("switch", "kernel", 2 * bench.repetitions, COST.load(Ordering::Relaxed));
}

/// From the call that wakes a more urgent thread to that thread.
fn measure_wake(bench: &mut Bench) {
    static WOKEN_AT: AtomicU64 = AtomicU64::new(0);
    fn wake_up(_: usize) {
        for _ in 0..TIMES.load(Ordering::Relaxed) {
            QUEUE.wait(&Masked::new());
            let late = clock::instructions() - WOKEN_AT.load(Ordering::Relaxed);
            COST.fetch_add(late, Ordering::Relaxed);
        }
    }
    COST.store(0, Ordering::Relaxed);
    let thread = spawn(Level::Realtime, wake_up);
    for _ in 0..bench.repetitions {
        WOKEN_AT.store(clock::instructions(), Ordering::Relaxed);
        QUEUE.wake_one();
    }
    thread.join();
    bench.note_count("wake", "kernel", bench.repetitions, COST.load(Ordering::Relaxed));
}

/// An address space with a program, and two stacks for it.
fn space() -> AddressSpace {
    let (start, end) = (&raw const call_program_begin, &raw const call_program_end);
    // SAFETY: it is code of ours, which can be read.
    let code = unsafe { core::slice::from_raw_parts(start.cast(), end.addr() - start.addr()) };
    let mut space = AddressSpace::new().expect("there are free frames");
    space.map(CODE..CODE + FRAME_SIZE, Access::EXECUTE).expect("there are free frames");
    space.map(STACK..STACK + 2 * FRAME_SIZE, Access::WRITE).expect("there are free frames");
    space.write(CODE, code).expect("it is mapped");
    space
}

/// Programs that yield to each other: two threads, some of them in each of `spaces`.
fn measure_programs(
    bench: &mut Bench,
    operation: &'static str,
    spaces: &mut [AddressSpace],
    each: u64,
) {
    set_call(spaces, linux_raw_sys::general::__NR_sched_yield);
    for (number, space) in spaces.iter().enumerate() {
        for thread in 0..each {
            let stack = STACK + thread * FRAME_SIZE;
            let (pid, root, entry) =
                (Pid(9000 + number as u32), space.root(), Entry { place: CODE, stack });
            let program = Program { pid, root, entry };
            spawn_program(Name::new("calls"), Level::Low, program).expect("there is memory");
        }
    }
    let before = (switches(), clock::instructions());
    timer::sleep_until(timer::now() + TIME);
    let after = (switches(), clock::instructions());
    bench.note_count(operation, "kernel", (after.0 - before.0) as usize, after.1 - before.1);
    // From here on they sleep, for as long as can be said.
    set_call(spaces, linux_raw_sys::general::__NR_nanosleep);
    timer::sleep_until(timer::now() + TIME);
    // They are still there, and so must their address spaces be.
    spaces.iter_mut().for_each(|space| {
        core::mem::forget(core::mem::replace(space, self::space()));
    });
}

/// Says which system call the programs in `spaces` make.
fn set_call(spaces: &mut [AddressSpace], number: u32) {
    for space in spaces {
        for stack in [STACK, STACK + FRAME_SIZE] {
            space.write(stack + 16, &(i64::MAX as u64).to_le_bytes()).expect("it is mapped");
            space.write(stack, &u64::from(number).to_le_bytes()).expect("it is mapped");
        }
    }
}

/// How often programs got the processor, all together.
fn switches() -> u64 {
    let mut index = 0;
    let rows = core::iter::from_fn(|| table::next(&mut index));
    rows.filter(|row| row.pid.is_some()).map(|row| row.switches).sum()
}
