//! Uncompressing gzip files (RFC 1952) of a bounded size.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use super::TableError;

/// The most bytes that a file may have uncompressed: 64 MiB, so that no small file fills the
/// memory.
pub const MAX_UNCOMPRESSED_BYTES: usize = 64 << 20;

/// The uncompressed content of a gzip file; `None` for bytes that do not begin as one.
///
/// # Errors
///
/// Where the file is broken, or larger than [`MAX_UNCOMPRESSED_BYTES`] uncompressed: memory is
/// never taken for more.
pub fn gunzip(bytes: &[u8]) -> Result<Option<Vec<u8>>, TableError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(None);
    }
    // The last four bytes are the content's length, if they tell the truth: a file that admits to
    // be too large costs nothing.
    let claimed = bytes.last_chunk().map_or(0, |length| u32::from_le_bytes(*length) as usize);
    if claimed > MAX_UNCOMPRESSED_BYTES {
        return Err(TableError::TooLarge);
    }
    let mut content = Vec::new();
    let limit = MAX_UNCOMPRESSED_BYTES as u64 + 1;
    let read = MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut content);
    read.map_err(|error| TableError::Gzip { message: error.to_string() })?;
    if content.len() > MAX_UNCOMPRESSED_BYTES {
        return Err(TableError::TooLarge);
    }
    Ok(Some(content))
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    pub fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    /// "flat" as gzip(1) writes it.
    #[test]
    fn reads_what_gzip_wrote() {
        let file = [
            0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x4b, 0xcb, 0x49, 0x2c, 0x01, 0x00, 0x44, 0xaa,
            0x4a, 0x55, 0x04, 0x00, 0x00, 0x00,
        ];
        assert_eq!(gunzip(&file).unwrap().unwrap(), b"flat");
        assert_eq!(gunzip(b"flat"), Ok(None));
        for length in 2..file.len() {
            assert!(matches!(gunzip(&file[..length]), Err(TableError::Gzip { .. } | TableError::TooLarge)), "{length}");
        }
    }

    /// Zeros shrink to a thousandth: a bomb that admits its size, one that lies about it, and
    /// content that just fits.
    #[test]
    fn bombs_do_not_go_off() {
        let mut bomb = gzip(&vec![0; MAX_UNCOMPRESSED_BYTES + 1]);
        assert!(bomb.len() < 1 << 20);
        assert_eq!(gunzip(&bomb), Err(TableError::TooLarge));
        let end = bomb.len();
        bomb[end - 4..].fill(0);
        assert_eq!(gunzip(&bomb), Err(TableError::TooLarge));
        let most = gzip(&vec![0; MAX_UNCOMPRESSED_BYTES]);
        assert_eq!(gunzip(&most).unwrap().unwrap().len(), MAX_UNCOMPRESSED_BYTES);
        assert!(TableError::TooLarge.to_string().contains("67108864 bytes"));
    }
}
