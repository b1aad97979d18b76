//! The binary format of WebAssembly modules, as far as it is needed here (W3C, WebAssembly Core
//! Specification 1.0, chapter 5).

/// The bytes of a module in the making.
#[derive(Debug, Default)]
pub(crate) struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A number without sign, seven bits a byte, the lowest first (LEB128).
    pub fn unsigned(&mut self, mut number: usize) -> &mut Self {
        while number > 0x7f {
            self.0.push(number as u8 & 0x7f | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
        self
    }

    /// Bytes with their number before them.
    pub fn sized(&mut self, bytes: &[u8]) -> &mut Self {
        self.unsigned(bytes.len()).raw(bytes)
    }

    /// A section: what it is, how many entries it has, and those.
    pub fn section(&mut self, kind: u8, count: usize, entries: &[u8]) -> &mut Self {
        let mut content = Self::default();
        content.unsigned(count).raw(entries);
        self.raw(&[kind]).sized(&content.0)
    }
}

/// Instructions by their bytes.
pub(crate) mod code {
    pub const END: u8 = 0x0b;
    pub const CALL: u8 = 0x10;
    pub const SELECT: u8 = 0x1b;
    pub const LOCAL_GET: u8 = 0x20;
    pub const LOCAL_SET: u8 = 0x21;
    pub const LOCAL_TEE: u8 = 0x22;
    pub const F64_LOAD: u8 = 0x2b;
    pub const F64_STORE: u8 = 0x39;
    pub const I32_CONST: u8 = 0x41;
    pub const F64_CONST: u8 = 0x44;
    pub const F64_EQ: u8 = 0x61;
    pub const F64_LT: u8 = 0x63;
    pub const F64_ABS: u8 = 0x99;
    pub const F64_NEG: u8 = 0x9a;
    pub const F64_SQRT: u8 = 0x9f;
    pub const F64_ADD: u8 = 0xa0;
    pub const F64_SUB: u8 = 0xa1;
    pub const F64_MUL: u8 = 0xa2;
    pub const F64_DIV: u8 = 0xa3;
}

/// Types by their bytes.
pub(crate) mod kind {
    pub const FUNCTION: u8 = 0x60;
    pub const I32: u8 = 0x7f;
    pub const F64: u8 = 0x7c;
}

/// Sections by their numbers.
pub(crate) mod section {
    pub const TYPES: u8 = 1;
    pub const IMPORTS: u8 = 2;
    pub const FUNCTIONS: u8 = 3;
    pub const EXPORTS: u8 = 7;
    pub const CODE: u8 = 10;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of LEB128's description (DWARF 4, section 7.6), and both sides of where a byte
    /// is full.
    #[test]
    fn numbers_take_seven_bits_a_byte() {
        for (number, bytes) in [
            (2, &[2][..]),
            (127, &[127]),
            (128, &[0x80, 1]),
            (129, &[0x81, 1]),
            (12_857, &[0xb9, 0x64]),
            (16_384, &[0x80, 0x80, 1]),
        ] {
            assert_eq!(Bytes::default().unsigned(number).0, bytes, "{number}");
        }
    }

    #[test]
    fn sections_say_how_long_they_are() {
        assert_eq!(Bytes::default().section(section::TYPES, 2, &[5, 6, 7]).0, [1, 4, 2, 5, 6, 7]);
    }
}
