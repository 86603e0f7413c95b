//! Random calls about descriptors.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use linux_raw_sys::general::{self, SEEK_CUR, SEEK_END, SEEK_SET};
use user::dice::hash;
use user::memory::PAGE;
use user::raw::{self, Answer, Watched};
use user::report;
use user::scratch::names;

use super::Random;
use super::things::{Kind, shown, told};

/// The most bytes that a call reads or writes, so that a write to a pipe is one piece.
const BYTES: usize = 4096;

impl Random {
    pub fn read(&mut self) -> String {
        let file = self.things.choose(&mut self.dice);
        if self.dice.one_in(4) {
            return self.map(file);
        }
        let length = self.dice.below(BYTES);
        let mut bytes = [0; BYTES];
        if self.dice.one_in(3) && !self.things.is(file, Kind::Pipe) {
            let offset = self.dice.below(9000);
            let answer = raw::pread64(file, &mut bytes[..length], offset as i64);
            let found = hash(&bytes[..answer.unwrap_or(0)]);
            return format!("pread64({file}, {length}, {offset}) = {} {found:08x}", shown(answer));
        }
        let answer = raw::read(file, &mut bytes[..length]);
        let found = hash(&bytes[..answer.unwrap_or(0)]);
        format!("read({file}, {length}) = {} {found:08x}", shown(answer))
    }

    pub fn write(&mut self) -> String {
        let file = self.things.choose(&mut self.dice);
        if !self.things.may_write(file) {
            return self.poll(file);
        }
        let (length, first) = (self.dice.below(BYTES), self.dice.number() as u8);
        let bytes: Vec<u8> = (0..length).map(|index| first.wrapping_add(index as u8)).collect();
        format!("write({file}, {first}.., {length}) = {}", shown(raw::write(file, &bytes)))
    }

    pub fn seek(&mut self) -> String {
        let file = self.things.choose(&mut self.dice);
        if self.things.is(file, Kind::Folder) {
            return self.list(file);
        }
        let (whence, name) = self.dice.one_of(&[
            (SEEK_SET, "SEEK_SET"),
            (SEEK_CUR, "SEEK_CUR"),
            (SEEK_END, "SEEK_END"),
        ]);
        // Numbers below 0 are errors now and then, but a pipe has one reason to fail already.
        let back = if self.things.is(file, Kind::File) { 3000 } else { 0 };
        let offset = self.dice.below(9000) as i64 - back;
        format!("lseek({file}, {offset}, {name}) = {}", shown(raw::lseek(file, offset, whence)))
    }

    /// Lists a folder from the start, and goes back there: what its end is called is nobody's
    /// promise, and some file systems take it for too large a number to read from.
    fn list(&mut self, folder: usize) -> String {
        let found = raw::lseek(folder, 0, SEEK_SET).and_then(|_| names(folder));
        let _ = raw::lseek(folder, 0, SEEK_SET);
        match found {
            Ok(names) => format!("getdents64({folder}) = {}", names.join(" ")),
            Err(error) => format!("getdents64({folder}) = {}", error.name()),
        }
    }

    pub fn duplicate(&mut self) -> String {
        let file = self.things.choose(&mut self.dice);
        let (name, answer) = match self.dice.below(3) {
            0 if self.things.has_room() => ("dup", raw::dup(file)),
            1 if self.things.has_room() => {
                let least = 10 + self.dice.below(10);
                ("fcntl F_DUPFD", raw::fcntl(file, general::F_DUPFD, least))
            }
            _ => {
                let other = self.things.choose(&mut self.dice);
                if other == file || other == 77 {
                    return self.poll(file);
                }
                ("dup3 to one of them", raw::dup3(file, other, 0))
            }
        };
        if let Ok(copy) = answer {
            self.things.copied(file, copy);
        }
        format!("{name}({file}) = {}", shown(answer))
    }

    pub fn set_flags(&mut self) -> String {
        let file = self.things.choose(&mut self.dice);
        let shows = general::O_ACCMODE | general::O_APPEND | general::O_NONBLOCK;
        let (name, operation, argument) = match self.dice.below(4) {
            0 => ("F_GETFD", general::F_GETFD, 0),
            1 => ("F_SETFD", general::F_SETFD, self.dice.below(2)),
            2 => ("F_GETFL", general::F_GETFL, 0),
            _ => {
                let flag = self.dice.one_of(&[0, general::O_APPEND]);
                // Nobody is there to end the wait of a pipe.
                ("F_SETFL", general::F_SETFL, (flag | general::O_NONBLOCK) as usize)
            }
        };
        let answer = raw::fcntl(file, operation, argument).map(|flags| flags & shows as usize);
        format!("fcntl({file}, {name}, {argument:#o}) = {}", shown(answer))
    }

    pub fn make_pipe(&mut self) -> String {
        if !self.things.has_room() {
            return self.close();
        }
        match raw::pipe2(general::O_NONBLOCK) {
            Ok(ends) => {
                self.things.piped(ends);
                format!("pipe2(O_NONBLOCK) = {}, {}", ends[0], ends[1])
            }
            Err(error) => format!("pipe2(O_NONBLOCK) = {}", error.name()),
        }
    }

    pub fn look_at_descriptor(&mut self) -> String {
        let file = self.things.choose(&mut self.dice);
        match self.dice.below(4) {
            0 => self.poll(file),
            1 => {
                let length = self.dice.below(9000);
                let answer = raw::ftruncate(file, length as i64);
                format!("ftruncate({file}, {length}) = {}", shown(answer))
            }
            2 if !self.things.is(file, Kind::Pipe) => self.list(file),
            _ => format!("fstat({file}) = {}", told(raw::fstat(file))),
        }
    }

    /// Says what can be done with `file` at once.
    fn poll(&mut self, file: usize) -> String {
        let events = (general::POLLIN | general::POLLOUT) as i16;
        let mut watched = [Watched { fd: file as i32, events, revents: 0 }];
        let answer = raw::ppoll(&mut watched, Some(0));
        format!("ppoll({file}) = {} {:#x}", shown(answer), watched[0].revents)
    }

    pub fn close(&mut self) -> String {
        let file = self.things.choose(&mut self.dice);
        let answer = raw::close(file);
        self.things.closed(file);
        format!("close({file}) = {}", shown(answer))
    }

    /// Maps the first bytes of `file`, writes to what is mapped, and says whether the file stays.
    fn map(&mut self, file: usize) -> String {
        let thing = self.things.get(file);
        let is_plain = thing.is_some_and(|thing| thing.kind == Kind::File);
        let length = raw::fstat(file).map_or(0, |stat| stat.st_size as usize).min(2 * PAGE);
        if (is_plain && length == 0) || thing.is_some_and(|thing| thing.kind == Kind::Pipe) {
            return self.poll(file);
        }
        let access = (general::PROT_READ | general::PROT_WRITE) as usize;
        let private = general::MAP_PRIVATE as usize;
        // SAFETY: the kernel puts the pages to where nothing is.
        let answer: Answer = unsafe {
            report::ask_silently(general::__NR_mmap, &[0, 2 * PAGE, access, private, file, 0])
        };
        let Ok(start) = answer else {
            return format!("mmap({file}) = {}", shown(answer));
        };
        // SAFETY: the pages that have bytes of the file are there, and nobody else knows of them.
        let bytes = unsafe { core::slice::from_raw_parts_mut(start as *mut u8, length) };
        let found = hash(bytes);
        bytes[0] ^= 0xff;
        let mut first = [0];
        let is_kept = raw::pread64(file, &mut first, 0).is_ok() && first[0] != bytes[0];
        // SAFETY: nobody uses the pages any more.
        let gone = unsafe { report::ask_silently(general::__NR_munmap, &[start, 2 * PAGE]) };
        format!("mmap({file}) = {length} {found:08x} {is_kept} {}", shown(gone))
    }
}
