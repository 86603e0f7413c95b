//! The calls of `tee` on the host: an input, an output and files, which take and fail as it was
//! laid down before.
//!
//! Given, not to be written.

use std::collections::VecDeque;
use std::ffi::{CStr, CString};

use super::{O_APPEND, O_CREAT, O_TRUNC};

/// An error by its number. (Linux, `include/uapi/asm-generic/errno-base.h`.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub u32);

impl Errno {
    pub const ENOENT: Self = Self(2);
    pub const EINTR: Self = Self(4);
    pub const EBADF: Self = Self(9);
    pub const EPIPE: Self = Self(32);
}

/// What a read comes to.
#[derive(Clone, Debug)]
pub enum Come {
    Bytes(Vec<u8>),
    Nothing(Errno),
}

/// What a write comes to.
#[derive(Clone, Debug)]
pub enum Take {
    /// So many bytes are taken, or all, if there are fewer.
    Some(usize),
    /// None is, for this reason. Only an interruption passes.
    Nothing(Errno),
}

/// A file: what was in it, if it was there; what its first writes come to, before it takes all; and
/// why it cannot be opened, if it cannot.
#[derive(Clone, Debug)]
pub struct File {
    pub before: Option<Vec<u8>>,
    pub takes: Vec<Take>,
    pub refuses: Option<Errno>,
}

/// All that is tried.
#[derive(Clone, Debug)]
pub struct Case {
    pub is_appended: bool,
    pub pieces: Vec<Come>,
    pub output: Vec<Take>,
    pub files: Vec<File>,
}

impl Case {
    /// The name of the file `index`.
    pub fn name(index: usize) -> CString {
        CString::new(format!("file-{index}")).expect("it has no zero")
    }
}

/// The standard output.
pub const STDOUT: usize = 1;

/// What the standard input is called, and the standard output.
pub const INPUT: &CStr = c"standard input";
pub const OUTPUT: &CStr = c"standard output";

/// The descriptor of the first file.
const FIRST: usize = 3;

/// Somebody who is written to.
#[derive(Clone, Debug)]
struct Sink {
    name: CString,
    is_open: bool,
    is_appended: bool,
    place: usize,
    bytes: Vec<u8>,
    before: Vec<u8>,
    takes: VecDeque<Take>,
    error: Option<Errno>,
}

/// The way to the model.
pub struct Calls {
    is_appended: bool,
    pieces: VecDeque<Come>,
    came: Vec<u8>,
    input_error: Option<Errno>,
    sinks: Vec<Sink>,
    refusals: Vec<Option<Errno>>,
    told: Vec<(CString, Errno)>,
    is_late: bool,
}

impl Calls {
    pub fn new(case: Case) -> Self {
        let sink = |name: CString, takes: &[Take], before: &Option<Vec<u8>>| Sink {
            name,
            is_open: false,
            is_appended: false,
            place: 0,
            bytes: before.clone().unwrap_or_default(),
            before: before.clone().unwrap_or_default(),
            takes: takes.iter().cloned().collect(),
            error: None,
        };
        let mut sinks = vec![Sink { is_open: true, ..sink(OUTPUT.into(), &case.output, &None) }];
        for (index, file) in case.files.iter().enumerate() {
            sinks.push(sink(Case::name(index), &file.takes, &file.before));
        }
        let missing = |file: &File| file.before.is_none();
        let refusals = case.files.iter().map(|file| file.refuses).collect();
        let files: Vec<bool> = case.files.iter().map(missing).collect();
        for (sink, is_missing) in sinks[1..].iter_mut().zip(files) {
            // One that is not there is known by a place that no file has.
            sink.place = if is_missing { usize::MAX } else { 0 };
        }
        Self {
            is_appended: case.is_appended,
            pieces: case.pieces.into(),
            came: vec![],
            input_error: None,
            sinks,
            refusals,
            told: vec![],
            is_late: false,
        }
    }

    /// What is in the output and in each file that has not failed, and what must be.
    pub fn contents(&self) -> Vec<(CString, Vec<u8>, Vec<u8>)> {
        let good = self.sinks.iter().zip([None].into_iter().chain(self.refusals.iter().copied()));
        let good = good.filter(|(sink, refusal)| sink.error.is_none() && refusal.is_none());
        good.map(|(sink, _)| (sink.name.clone(), sink.bytes.clone(), self.wanted(sink))).collect()
    }

    fn wanted(&self, sink: &Sink) -> Vec<u8> {
        let before: &[u8] = if self.is_appended { &sink.before } else { &[] };
        [before, &self.came].concat()
    }

    /// Whether there is more of the input.
    pub fn has_more(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// What has failed, with its error, sorted.
    pub fn failed(&self) -> Vec<(CString, Errno)> {
        let input = self.input_error.map(|error| (INPUT.into(), error));
        let refused = self.refusals.iter().enumerate();
        let refused = refused.filter_map(|(index, error)| Some((Case::name(index), (*error)?)));
        let written = self.sinks.iter().filter_map(|sink| Some((sink.name.clone(), sink.error?)));
        sorted(input.into_iter().chain(refused).chain(written).collect())
    }

    /// What the person was told, sorted.
    pub fn told(&self) -> Vec<(CString, Errno)> {
        sorted(self.told.clone())
    }

    /// Whether it has asked for more before all had what there was.
    pub fn was_late(&self) -> bool {
        self.is_late
    }

    // What the tool's own has, from here on.

    pub fn open(&mut self, path: &CStr, flags: u32) -> Result<usize, Errno> {
        let index = (0..self.refusals.len()).find(|index| Case::name(*index).as_c_str() == path);
        let index = index.ok_or(Errno::ENOENT)?;
        if let Some(error) = self.refusals[index] {
            return Err(error);
        }
        let sink = &mut self.sinks[index + 1];
        if sink.place == usize::MAX && flags & O_CREAT == 0 {
            return Err(Errno::ENOENT);
        }
        if flags & O_TRUNC != 0 {
            sink.bytes.clear();
        }
        sink.place = 0;
        sink.is_open = flags & 3 != 0;
        sink.is_appended = flags & O_APPEND != 0;
        Ok(FIRST + index)
    }

    pub fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Errno> {
        let is_complete = |(_, seen, wanted): (_, Vec<u8>, Vec<u8>)| seen == wanted;
        self.is_late |= !self.came.is_empty() && !self.contents().into_iter().all(is_complete);
        match self.pieces.pop_front() {
            None => Ok(0),
            Some(Come::Nothing(error)) => {
                if error != Errno::EINTR {
                    self.input_error = Some(error);
                    self.pieces.clear();
                }
                Err(error)
            }
            Some(Come::Bytes(mut piece)) => {
                let count = piece.len().min(bytes.len());
                let rest = piece.split_off(count);
                bytes[..count].copy_from_slice(&piece);
                self.came.extend(piece);
                if !rest.is_empty() {
                    self.pieces.push_front(Come::Bytes(rest));
                }
                Ok(count)
            }
        }
    }

    pub fn write(&mut self, descriptor: usize, bytes: &[u8]) -> Result<usize, Errno> {
        let index = if descriptor == STDOUT { 0 } else { descriptor.wrapping_sub(FIRST - 1) };
        let sink = self.sinks.get_mut(index).filter(|sink| sink.is_open).ok_or(Errno::EBADF)?;
        if let Some(error) = sink.error {
            return Err(error);
        }
        let count = match sink.takes.pop_front() {
            None => bytes.len(),
            Some(Take::Some(count)) => count.min(bytes.len()),
            Some(Take::Nothing(error)) => {
                sink.error = Some(error).filter(|error| *error != Errno::EINTR);
                return Err(error);
            }
        };
        if sink.is_appended {
            sink.place = sink.bytes.len();
        }
        let end = sink.place + count;
        sink.bytes.resize(sink.bytes.len().max(end), 0);
        sink.bytes[sink.place..end].copy_from_slice(&bytes[..count]);
        sink.place = end;
        Ok(count)
    }

    pub fn complain(&mut self, what: &CStr, error: Errno) {
        self.told.push((what.into(), error));
    }
}

fn sorted(mut list: Vec<(CString, Errno)>) -> Vec<(CString, Errno)> {
    list.sort_by_key(|(name, error)| (name.clone(), error.0));
    list
}
