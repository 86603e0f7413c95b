//! The PS/2 keyboard, behind its controller, the i8042.
//!
//! A keyboard sends what was done to a key, not what is meant: a *scancode* when it goes down and
//! another when it comes up. Which of them make a capital letter is for the kernel to find out, and
//! the crate `pc-keyboard` does. The controller has a second port for a mouse, which would speak in
//! between; it is switched off.
//!
//! ```text
//!  keyboard ── port 1 ─┐                ┌── 0x60  data
//!                      ├── controller ──┤
//!  mouse ───── port 2 ─┘                └── 0x64  status, commands
//! ```
//!
//! IBM Personal System/2 Hardware Interface Technical Reference, "Keyboard and Auxiliary Device
//! Controller".

use pc_keyboard::layouts::Us104Key;
use pc_keyboard::{DecodedKey, EventDecoder, HandleControl, ScancodeSet, ScancodeSet1};
use x86_64::instructions::port::Port;

use crate::sync::Lock;

/// Protects the keyboard. `None` if there is no controller.
static KEYBOARD: Lock<Option<Keyboard>> = Lock::new(None);

/// The port of data, in both directions.
const DATA: u16 = 0x60;

/// The port of commands and of the status.
const STATUS: u16 = 0x64;

bitflags::bitflags! {
    /// What the controller says of itself.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    struct Status: u8 {
        /// There is something to read.
        const OUTPUT_FULL = 1 << 0;
        /// What was written has not been taken yet.
        const INPUT_FULL = 1 << 1;
        /// What there is to read is from the second port.
        const FROM_SECOND = 1 << 5;
        const _ = !0;
    }
}

bitflags::bitflags! {
    /// How the controller works: its configuration byte.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    struct Setup: u8 {
        /// The first port interrupts.
        const FIRST_INTERRUPTS = 1 << 0;
        /// The second port interrupts.
        const SECOND_INTERRUPTS = 1 << 1;
        /// The first port is off.
        const FIRST_IS_OFF = 1 << 4;
        /// The second port is off.
        const SECOND_IS_OFF = 1 << 5;
        /// Scancodes of set 2, which keyboards send, become those of set 1.
        const TRANSLATES = 1 << 6;
        const _ = !0;
    }
}

/// What the controller is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Command {
    ReadSetup = 0x20,
    WriteSetup = 0x60,
    SwitchSecondOff = 0xa7,
    SwitchFirstOff = 0xad,
    SwitchFirstOn = 0xae,
}

/// How often the controller is asked for something that it never may do: some milliseconds.
const PATIENCE: usize = 10_000;

/// More than the controller ever has to say at once.
const MOST: usize = 256;

/// Sets the controller up, if there is one. Its line must be masked.
pub(super) fn init_keyboard() {
    *KEYBOARD.lock() = set_up().map(|()| Keyboard::new());
}

/// The next byte that was typed on the keyboard, if there is one.
pub fn read_keyboard() -> Option<u8> {
    let mut keyboard = KEYBOARD.lock();
    let keyboard = keyboard.as_mut()?;
    scancodes().find_map(|scancode| keyboard.byte(scancode))
}

/// Makes the controller listen to the keyboard only. `None` if there is no controller.
fn set_up() -> Option<()> {
    // An empty bus reads as all ones.
    if status() == Status::all() {
        return None;
    }
    // Nobody speaks while the controller answers.
    command(Command::SwitchFirstOff)?;
    command(Command::SwitchSecondOff)?;
    scancodes().for_each(drop);
    command(Command::ReadSetup)?;
    let mut setup = Setup::from_bits_retain(answer()?);
    setup.insert(Setup::FIRST_INTERRUPTS | Setup::TRANSLATES | Setup::SECOND_IS_OFF);
    setup.remove(Setup::SECOND_INTERRUPTS | Setup::FIRST_IS_OFF);
    command(Command::WriteSetup)?;
    write(DATA, setup.bits())?;
    command(Command::SwitchFirstOn)
}

/// What the keyboard has to say. It ends, even if the controller is broken.
fn scancodes() -> impl Iterator<Item = u8> {
    let next = || {
        let status = status();
        status.contains(Status::OUTPUT_FULL).then(|| (status, data()))
    };
    let is_key =
        |(status, byte): (Status, u8)| (!status.contains(Status::FROM_SECOND)).then_some(byte);
    core::iter::from_fn(next).take(MOST).filter_map(is_key)
}

fn command(command: Command) -> Option<()> {
    write(STATUS, command as u8)
}

/// Writes to the controller, as soon as it has taken what was written before.
fn write(port: u16, byte: u8) -> Option<()> {
    (0..PATIENCE).find(|_| !status().contains(Status::INPUT_FULL))?;
    // SAFETY: privileged; the caller's commands touch no memory, and leave the processor running.
    unsafe { Port::new(port).write(byte) };
    Some(())
}

/// What the controller answers to a command.
fn answer() -> Option<u8> {
    (0..PATIENCE).find(|_| status().contains(Status::OUTPUT_FULL))?;
    Some(data())
}

fn status() -> Status {
    // SAFETY: privileged; reading the status changes nothing.
    Status::from_bits_retain(unsafe { Port::new(STATUS).read() })
}

fn data() -> u8 {
    // SAFETY: privileged; what is read is gone from the controller, and here.
    unsafe { Port::new(DATA).read() }
}

/// A keyboard with a US layout.
struct Keyboard {
    scancodes: ScancodeSet1,
    keys: EventDecoder<Us104Key>,
}

impl Keyboard {
    fn new() -> Self {
        // With a letter, Control makes the byte that it makes on a terminal.
        let keys = EventDecoder::new(Us104Key, HandleControl::MapLettersToUnicode);
        Self { scancodes: ScancodeSet1::new(), keys }
    }

    /// The byte that a terminal would send for what `scancode` completes, if it is any.
    fn byte(&mut self, scancode: u8) -> Option<u8> {
        // What is no scancode is forgotten.
        let event = self.scancodes.advance_state(scancode).ok()??;
        match self.keys.process_keyevent(event)? {
            DecodedKey::Unicode('\n') => Some(b'\r'),
            DecodedKey::Unicode(character) => u8::try_from(character).ok(),
            DecodedKey::RawKey(_) => None,
        }
    }
}

#[cfg(feature = "ktest")]
mod tests {
    use core::time::Duration;

    use super::{DATA, KEYBOARD, Keyboard, STATUS, read_keyboard};
    use crate::interrupts::{Masked, statistics};
    use crate::{input, timer};

    /// Commands that make the controller pretend: a byte comes from the first or the second port.
    const FROM_FIRST: u8 = 0xd2;
    const FROM_SECOND: u8 = 0xd3;

    fn pretend(port: u8, byte: u8) {
        super::write(STATUS, port).expect("the controller takes what is written");
        super::write(DATA, byte).expect("the controller takes what is written");
    }

    fn bytes(scancodes: &[u8]) -> impl Iterator<Item = u8> {
        let mut keyboard = Keyboard::new();
        scancodes.iter().filter_map(move |scancode| keyboard.byte(*scancode))
    }

    ktest::test! {
        /// Keys send what they do on a terminal: with Shift, with Control, Enter and Backspace.
        fn keys_send_what_terminals_do() {
            let shift_a_and_b = [0x2a, 0x1e, 0x9e, 0xaa, 0x30, 0xb0];
            assert!(bytes(&shift_a_and_b).eq(*b"Ab"));
            let control_u_enter_backspace = [0x1d, 0x16, 0x96, 0x9d, 0x1c, 0x9c, 0x0e, 0x8e];
            assert!(bytes(&control_u_enter_backspace).eq(*b"\x15\r\x08"));
        }

        /// Keys without a byte send none, and what is no scancode does not harm the next.
        fn keys_without_a_byte_are_silent() {
            let arrow_f1_nonsense_c = [0xe0, 0x48, 0xe0, 0xc8, 0x3b, 0xbb, 0x7f, 0x2e];
            assert!(bytes(&arrow_f1_nonsense_c).eq(*b"c"));
        }

        /// A scancode comes through the controller, the interrupt and the ring to whoever reads.
        fn scancode_becomes_input() {
            assert!(KEYBOARD.lock().is_some());
            let before = statistics().input;
            for scancode in [0x23, 0xa3, 0x17, 0x97] {
                pretend(FROM_FIRST, scancode);
            }
            let deadline = timer::now() + Duration::from_secs(1);
            let typed = [(); 2].map(|()| input::read_byte_until(deadline));
            assert_eq!(typed, [Some(b'h'), Some(b'i')]);
            assert!(statistics().input > before);
        }

        /// Keys that are pressed outside arrive.
        fn pressed_keys_arrive() {
            ktest::press("shift-h i spc 1 ret");
            let typed = [(); 5].map(|()| timer::wait(input::next_byte));
            assert_eq!(&typed, b"Hi 1\r");
        }

        /// What a mouse says is not taken for keys.
        fn mouse_types_nothing() {
            let _masked = Masked::new();
            pretend(FROM_SECOND, 0x1e);
            assert_eq!(read_keyboard(), None);
            pretend(FROM_FIRST, 0x30);
            assert_eq!(read_keyboard(), Some(b'b'));
            pretend(FROM_FIRST, 0xb0);
            assert_eq!(read_keyboard(), None);
        }
    }
}
