//! NumPy's format NPZ: a ZIP archive (APPNOTE 6.3, without its 64-bit extension) of arrays, stored
//! or deflated.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::{MAX_UNCOMPRESSED_BYTES, Table, TableError, npy};

type Result<T> = std::result::Result<T, TableError>;

/// What inputs and their labels are usually called; names that stand above others win.
const PAIRS: [(&str, &str); 4] = [("x_train", "y_train"), ("x", "y"), ("data", "target"), ("images", "labels")];

/// Bytes of the record at an archive's end, without its comment of at most 65 535 bytes.
const END_SIZE: usize = 22;

/// Whether bytes begin as a ZIP archive does.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// A table from an archive: from its only array, or from two that are called as one of the
/// [`PAIRS`], in letters of either case.
pub(super) fn read(bytes: &[u8]) -> Result<Table> {
    let members = members(bytes)?;
    let find = |name: &str| members.iter().find(|member| member.name.eq_ignore_ascii_case(name));
    let array = |member: &Member<'_>| npy::read(&member.content(bytes)?);
    if let [only] = members.as_slice() {
        return array(only)?.with_last_column();
    }
    let pair = PAIRS.iter().find_map(|(inputs, labels)| Some((find(inputs)?, find(labels)?)));
    let (inputs, labels) = pair.ok_or(TableError::Archive { expected: "arrays called x and y" })?;
    array(inputs)?.with_labels(array(labels)?)
}

/// One file in an archive, as the directory at the archive's end describes it.
struct Member<'a> {
    /// Its name without `.npy`.
    name: &'a str,
    method: u16,
    checksum: u32,
    compressed: usize,
    uncompressed: usize,
    /// Where its own header stands.
    offset: usize,
}

fn members(bytes: &[u8]) -> Result<Vec<Member<'_>>> {
    let broken = TableError::Archive { expected: "a directory at its end" };
    let first = bytes.len().saturating_sub(END_SIZE + usize::from(u16::MAX));
    let last = bytes.len().saturating_sub(END_SIZE);
    let end = (first..=last).rev().find(|start| bytes[*start..].starts_with(b"PK\x05\x06"));
    let end = end.ok_or_else(|| broken.clone())?;
    let count = u16_at(bytes, end + 10).ok_or_else(|| broken.clone())?;
    let mut start = u32_at(bytes, end + 16).ok_or_else(|| broken.clone())?;
    let mut members = Vec::new();
    for _ in 0..count {
        let (member, next) = member(bytes, start).ok_or_else(|| broken.clone())?;
        members.push(member);
        start = next;
    }
    Ok(members)
}

/// The member whose entry in the directory begins at `start`, and where the next one does.
fn member(bytes: &[u8], start: usize) -> Option<(Member<'_>, usize)> {
    let entry = bytes.get(start..)?;
    if !entry.starts_with(b"PK\x01\x02") {
        return None;
    }
    let length = |place| u16_at(entry, place).map(usize::from);
    let name_end = 46 + length(28)?;
    let name = std::str::from_utf8(entry.get(46..name_end)?).ok()?;
    let member = Member {
        name: name.strip_suffix(".npy").unwrap_or(name),
        method: u16_at(entry, 10)?,
        checksum: u32::from_le_bytes(*entry.get(16..)?.first_chunk()?),
        compressed: u32_at(entry, 20)?,
        uncompressed: u32_at(entry, 24)?,
        offset: u32_at(entry, 42)?,
    };
    Some((member, start + name_end + length(30)? + length(32)?))
}

impl Member<'_> {
    fn content<'a>(&self, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        let broken = TableError::Archive { expected: "whole members" };
        if self.uncompressed > MAX_UNCOMPRESSED_BYTES {
            return Err(TableError::TooLarge);
        }
        let stored = self.stored(bytes).ok_or_else(|| broken.clone())?;
        let content = match self.method {
            0 => Cow::Borrowed(stored),
            8 => {
                // One byte more than there should be tells whether there is one.
                let mut content = Vec::new();
                let read = DeflateDecoder::new(stored).take(self.uncompressed as u64 + 1).read_to_end(&mut content);
                read.map_err(|_| broken.clone())?;
                Cow::Owned(content)
            }
            _ => return Err(TableError::Archive { expected: "members that are stored or deflated" }),
        };
        let mut checksum = Crc::new();
        checksum.update(&content);
        if content.len() != self.uncompressed || checksum.sum() != self.checksum {
            return Err(broken);
        }
        Ok(content)
    }

    /// Its bytes in the archive, which stand behind its own header.
    fn stored<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let header = bytes.get(self.offset..)?;
        if !header.starts_with(b"PK\x03\x04") {
            return None;
        }
        let start = 30 + usize::from(u16_at(header, 26)?) + usize::from(u16_at(header, 28)?);
        header.get(start..)?.get(..self.compressed)
    }
}

fn u16_at(bytes: &[u8], place: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(place..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], place: usize) -> Option<usize> {
    Some(u32::from_le_bytes(*bytes.get(place..)?.first_chunk()?) as usize)
}

#[cfg(test)]
mod tests {
    use super::super::Target;
    use super::*;

    /// Written by NumPy 2.4 with `numpy.savez`: x = [[0, 1, 2], [3, 4, 5]] of 32-bit integers and
    /// y = [1, 0] of bytes.
    const STORED: &[u8] = include_bytes!("../../../tests/files/stored.npz");

    /// The same with `numpy.savez_compressed`.
    const DEFLATED: &[u8] = include_bytes!("../../../tests/files/deflated.npz");

    #[test]
    fn reads_what_numpy_wrote() {
        for file in [STORED, DEFLATED] {
            let table = read(file).unwrap();
            assert_eq!((table.rows, table.features), (2, 3));
            assert_eq!(table.inputs, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
            assert_eq!(table.target, Target::Numbers(vec![1.0, 0.0]));
        }
    }

    /// A byte that is changed anywhere within the arrays is found by the checksum, and a file that
    /// is cut off has no directory.
    #[test]
    fn broken_archives_are_errors() {
        for file in [STORED, DEFLATED] {
            let members = members(file).unwrap();
            for member in &members {
                let stored = member.stored(file).unwrap();
                let start = stored.as_ptr() as usize - file.as_ptr() as usize;
                for place in [start, start + stored.len() / 2, start + stored.len() - 1] {
                    let mut changed = file.to_vec();
                    changed[place] ^= 1;
                    assert!(matches!(read(&changed), Err(TableError::Archive { .. })), "{place}");
                }
            }
            for length in 4..file.len() {
                assert!(matches!(read(&file[..length]), Err(TableError::Archive { .. })), "{length}");
            }
        }
    }

    #[test]
    fn sizes_are_checked_before_memory_is_taken() {
        let entry = STORED.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        let mut bomb = STORED.to_vec();
        bomb[entry + 24..entry + 28].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(read(&bomb), Err(TableError::TooLarge));
        let mut renamed = STORED.to_vec();
        renamed[entry + 46] = b'q';
        assert_eq!(read(&renamed), Err(TableError::Archive { expected: "arrays called x and y" }));
        let mut encrypted = STORED.to_vec();
        encrypted[entry + 10] = 99;
        assert!(matches!(read(&encrypted), Err(TableError::Archive { expected }) if expected.contains("deflated")));
    }
}
