//! A model of an address space: a map from pages to what they map.
//!
//! Its pages are as large as the cases allow: every range in a case begins and ends at one of the
//! [`places`], so the pieces between them are mapped as a whole or not at all. The places are near
//! all addresses at which a table, a page of some size, or the address space begins or ends.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::paging::{Access, MapError};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Where the hole between the halves begins and ends.
pub const HOLE: Range<u64> = 1 << 47..!0 << 47;

/// Addresses at which many things begin, and near which the places are. (The last: 2^64 itself.)
const CENTERS: [u64; 6] = [0, GIB, 512 * GIB, HOLE.start, HOLE.end, !0 << 39];

/// How far a place is from a center, in either direction.
const STEPS: [u64; 10] = [
    0,
    4 * KIB,
    2 * MIB - 4 * KIB,
    2 * MIB,
    2 * MIB + 4 * KIB,
    6 * MIB,
    GIB - 2 * MIB,
    GIB - 4 * KIB,
    GIB + 2 * MIB,
    2 * GIB,
];

/// Where ranges begin and end, in order.
pub fn places() -> Vec<u64> {
    let mut places = Vec::new();
    for (center, step) in CENTERS.into_iter().flat_map(|center| STEPS.map(|step| (center, step))) {
        // Below 0 the address space ends.
        places.extend([center.wrapping_sub(step), center.wrapping_add(step)]);
    }
    places.retain(|place| *place <= HOLE.start || *place >= HOLE.end);
    places.sort_unstable();
    places.dedup();
    places
}

/// Pieces by number, and what they map: the piece of number n begins at the place of number n.
pub struct Model {
    pub places: Vec<u64>,
    pub mapped: BTreeMap<usize, (PhysAddr, Access)>,
}

impl Model {
    /// Nothing is mapped.
    pub fn new() -> Self {
        Self { places: places(), mapped: BTreeMap::new() }
    }

    /// The pages of `pieces`.
    pub fn pages(&self, pieces: &Range<usize>) -> Range<VirtAddr> {
        VirtAddr(self.places[pieces.start])..VirtAddr(self.places[pieces.end])
    }

    /// What an access to `address` reaches.
    pub fn translate(&self, address: u64) -> Option<(PhysAddr, Access)> {
        let piece = self.places.partition_point(|place| *place <= address).checked_sub(1)?;
        let (frame, access) = *self.mapped.get(&piece)?;
        Some((frame + (address - self.places[piece]), access))
    }

    /// The first of `pieces` that maps anything.
    pub fn next(&self, pieces: &Range<usize>) -> Option<u64> {
        let piece = pieces.clone().find(|piece| self.mapped.contains_key(piece));
        piece.map(|piece| self.places[piece])
    }

    /// Whether `pieces` can be mapped to the memory at `frame`, if there are tables enough. `known`
    /// is what is said of the first of them that is mapped.
    pub fn may_map(
        &self,
        pieces: &Range<usize>,
        frame: PhysAddr,
        known: impl FnOnce(u64) -> MapError,
    ) -> Result<(), MapError> {
        self.may_be(pieces)?;
        if !frame.is_aligned(FRAME_SIZE) {
            return Err(MapError::Misaligned { address: frame.0 });
        }
        self.next(pieces).map_or(Ok(()), |first| Err(known(first)))
    }

    /// Whether all of `pieces` are mapped.
    pub fn are_mapped(&self, pieces: &Range<usize>) -> Result<(), MapError> {
        self.may_be(pieces)?;
        match pieces.clone().find(|piece| !self.mapped.contains_key(piece)) {
            Some(piece) => Err(MapError::NotMapped { page: VirtAddr(self.places[piece]) }),
            None => Ok(()),
        }
    }

    /// Whether `pieces` are in one half, and in order.
    fn may_be(&self, pieces: &Range<usize>) -> Result<(), MapError> {
        let Range { start, end } = self.pages(pieces);
        if end < start {
            Err(MapError::Reversed { end })
        } else if start < end && start.0 < HOLE.end && end.0 > HOLE.start {
            Err(MapError::NotCanonical { address: start.max(VirtAddr(HOLE.start)) })
        } else {
            Ok(())
        }
    }

    /// Maps `pieces` to the memory from `frame` on.
    pub fn map(&mut self, pieces: Range<usize>, frame: PhysAddr, access: Access) {
        let start = self.places[pieces.start];
        for piece in pieces {
            self.mapped.insert(piece, (frame + (self.places[piece] - start), access));
        }
    }

    /// Maps `pieces` to nothing.
    pub fn unmap(&mut self, pieces: Range<usize>) {
        self.mapped.retain(|piece, _| !pieces.contains(piece));
    }

    /// Makes `access` what may be done with `pieces`.
    pub fn protect(&mut self, pieces: Range<usize>, access: Access) {
        for (_, (_, known)) in self.mapped.range_mut(pieces) {
            *known = access;
        }
    }
}
