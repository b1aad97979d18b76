//! Writes into a WebM file how long it takes. Browsers' recorders leave that out, since they do not
//! know it when they begin; players then show neither a length nor a place to jump to.

/// The element that holds all others but the first (Matroska specification, RFC 9559, section 5).
const SEGMENT: u32 = 0x1853_8067;
/// What is said of the whole film.
const INFO: u32 = 0x1549_A966;
/// Nanoseconds that a unit of time has.
const TIMESTAMP_SCALE: u32 = 0x2A_D7B1;
/// How long the film takes, in units of time, as a float.
const DURATION: u32 = 0x4489;
/// The unit where none is given: a millisecond.
const USUAL_SCALE: u64 = 1_000_000;
/// A duration as an element: identifier, size 8, and the number.
const ELEMENT: usize = 11;

/// An element's identifier and size as they stand in a file.
struct Head {
    id: u32,
    /// `None` where it reaches as far as the file.
    size: Option<u64>,
    /// Where the size stands, and in how many bytes.
    size_at: usize,
    size_bytes: usize,
    /// Where what it holds begins.
    body: usize,
}

/// Reads the element that begins at a place.
fn head(bytes: &[u8], at: usize) -> Option<Head> {
    let length = |first: u8| first.leading_zeros() as usize + 1;
    let id_bytes = length(*bytes.get(at)?);
    if id_bytes > 4 {
        return None;
    }
    let id = bytes.get(at..at + id_bytes)?.iter().fold(0, |id, byte| id << 8 | u32::from(*byte));
    let size_at = at + id_bytes;
    let size_bytes = length(*bytes.get(size_at)?);
    if size_bytes > 8 {
        return None;
    }
    let number = bytes.get(size_at..size_at + size_bytes)?.iter().fold(0, |size, byte| size << 8 | u64::from(*byte));
    let all = (1_u64 << (7 * size_bytes)) - 1;
    let size = Some(number & all).filter(|size| *size != all);
    Some(Head { id, size, size_at, size_bytes, body: size_at + size_bytes })
}

/// The elements that lie in a part of a file.
fn elements(bytes: &[u8], from: usize, to: usize) -> impl Iterator<Item = Head> + '_ {
    let mut at = Some(from);
    std::iter::from_fn(move || {
        let found = head(bytes, at.filter(|at| *at < to)?)?;
        at = found.size.and_then(|size| found.body.checked_add(usize::try_from(size).ok()?));
        Some(found)
    })
}

/// The beginning of a WebM file with its duration in it; `None` where it has one already, or is not
/// as recorders write it.
pub fn with_duration(beginning: &[u8], seconds: f64) -> Option<Vec<u8>> {
    let segment = elements(beginning, 0, beginning.len()).find(|element| element.id == SEGMENT)?;
    // Its size would have to grow with what is put in: recorders do not know it either.
    if segment.size.is_some() {
        return None;
    }
    let info = elements(beginning, segment.body, beginning.len()).find(|element| element.id == INFO)?;
    let size = usize::try_from(info.size?).ok()?;
    let end = info.body.checked_add(size).filter(|end| *end <= beginning.len())?;
    if elements(beginning, info.body, end).any(|element| element.id == DURATION) {
        return None;
    }
    let scale = elements(beginning, info.body, end).find(|element| element.id == TIMESTAMP_SCALE);
    let scale = scale.and_then(|element| {
        let number = beginning.get(element.body..element.body + usize::try_from(element.size?).ok()?)?;
        Some(number.iter().fold(0, |scale, byte| scale << 8 | u64::from(*byte)))
    });
    let units = seconds * 1e9 / scale.unwrap_or(USUAL_SCALE) as f64;
    // A size in four bytes has room for what is put in.
    let grown = u32::try_from(size + ELEMENT).ok().filter(|grown| *grown < 1 << 28)?;
    let mut written = beginning[..info.size_at].to_vec();
    written.extend((grown | 1 << 28).to_be_bytes());
    written.extend(&beginning[info.size_at + info.size_bytes..end]);
    written.extend([0x44, 0x89, 0x88]);
    written.extend(units.to_be_bytes());
    written.extend(&beginning[end..]);
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a file as Chromium's recorder writes it: an EBML header, a segment of
    /// unknown size, information with a scale and two names, and tracks.
    fn recorded() -> Vec<u8> {
        let mut bytes = vec![0x1A, 0x45, 0xDF, 0xA3, 0x84, 0x42, 0x86, 0x81, 0x01];
        bytes.extend([0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        bytes.extend([0x15, 0x49, 0xA9, 0x66, 0x99]);
        bytes.extend([0x2A, 0xD7, 0xB1, 0x83, 0x0F, 0x42, 0x40]);
        bytes.extend([0x4D, 0x80, 0x86]);
        bytes.extend(b"Chrome");
        bytes.extend([0x57, 0x41, 0x86]);
        bytes.extend(b"Chrome");
        bytes.extend([0x16, 0x54, 0xAE, 0x6B, 0x82, 0xAE, 0x80]);
        bytes
    }

    #[test]
    fn the_duration_stands_in_the_information_and_all_else_stays() {
        let before = recorded();
        let after = with_duration(&before, 12.5).expect("written");
        let segment = elements(&after, 0, after.len()).find(|element| element.id == SEGMENT).expect("a segment");
        let ids: Vec<u32> = elements(&after, segment.body, after.len()).map(|element| element.id).collect();
        assert_eq!(ids, [INFO, 0x1654_AE6B]);
        let info = elements(&after, segment.body, after.len()).next().expect("information");
        let end = info.body + info.size.expect("a size") as usize;
        let inside: Vec<Head> = elements(&after, info.body, end).collect();
        assert_eq!(
            inside.iter().map(|element| element.id).collect::<Vec<_>>(),
            [TIMESTAMP_SCALE, 0x4D80, 0x5741, DURATION]
        );
        let at = inside[3].body;
        assert_eq!(f64::from_be_bytes(after[at..at + 8].try_into().expect("eight bytes")), 12_500.0);
        assert_eq!(after[end..], before[before.len() - 7..]);
    }

    #[test]
    fn the_scale_of_the_file_counts() {
        let mut tenths = recorded();
        let at = tenths.windows(3).position(|bytes| bytes == [0x0F, 0x42, 0x40]).expect("a scale");
        tenths[at..at + 3].copy_from_slice(&[0x01, 0x86, 0xA0]);
        let after = with_duration(&tenths, 2.0).expect("written");
        let at = after.windows(3).position(|bytes| bytes == [0x44, 0x89, 0x88]).expect("a duration") + 3;
        assert_eq!(f64::from_be_bytes(after[at..at + 8].try_into().expect("eight bytes")), 20_000.0);
    }

    #[test]
    fn what_is_no_recording_is_left_alone() {
        let twice = with_duration(&recorded(), 1.0).expect("written");
        assert_eq!(with_duration(&twice, 1.0), None);
        assert_eq!(with_duration(b"\0\0\0\x20ftypisom", 1.0), None);
        assert_eq!(with_duration(&[], 1.0), None);
        for end in 0..recorded().len() {
            // Cut off anywhere it is written whole or not at all.
            if let Some(after) = with_duration(&recorded()[..end], 1.0) {
                assert_eq!(after.len(), end + ELEMENT + 3);
            }
        }
    }
}
