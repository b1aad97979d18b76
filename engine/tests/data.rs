//! No bytes of a file make the readers panic: random ones, and valid files with a few bytes
//! changed, cut out or put in.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::io::Write as _;

use flatland_engine::data::table::{MAX_CELLS, MAX_ROWS, Target, read, read_with_labels};
use flatland_engine::data::{build, shelf};
use flatland_engine::spec::Spec;
use proptest::prelude::*;

/// A valid file of every format.
fn files() -> Vec<Vec<u8>> {
    let csv = b"x;\"y\";class\n1;2.5;a\n-3e1;.5;b\n".to_vec();
    let header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }\n";
    let numbers = [1.0_f64.to_le_bytes(), 2.0_f64.to_le_bytes()].concat();
    let npy = [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header, &numbers].concat();
    let idx = vec![0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4];
    let labels = vec![0, 0, 8, 1, 0, 0, 0, 2, 7, 8];
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&idx).unwrap();
    let npz = [&include_bytes!("files/stored.npz")[..], include_bytes!("files/deflated.npz")].map(<[u8]>::to_vec);
    [vec![csv, npy, idx, labels, encoder.finish().unwrap()], npz.to_vec()].concat()
}

/// Bytes of one of the files from `start` on, over `removed` of which others are written.
fn changed() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop::collection::vec(any::<u8>(), 0..5);
    let change = (any::<prop::sample::Index>(), 0..6_usize, bytes);
    (prop::sample::select(files()), prop::collection::vec(change, 1..4)).prop_map(|(mut file, changes)| {
        for (place, removed, bytes) in changes {
            let start = place.index(file.len() + 1);
            let end = (start + removed).min(file.len());
            file.splice(start..end, bytes);
        }
        file
    })
}

/// `name` is one that no other test uses at the same time.
fn check(name: &str, bytes: &[u8], other: &[u8]) {
    for table in [read(bytes, None), read(bytes, Some("x")), read_with_labels(bytes, other)].into_iter().flatten() {
        assert!(table.rows > 0 && table.features > 0 && table.rows <= MAX_ROWS);
        assert!(table.rows * (table.features + 1) <= MAX_CELLS + table.rows);
        assert_eq!(table.inputs.len(), table.rows * table.features);
        assert!(table.inputs.iter().all(|x| x.is_finite()));
        match &table.target {
            Target::Numbers(numbers) => assert!(numbers.len() == table.rows && numbers.iter().all(|x| x.is_finite())),
            Target::Words { words, .. } => assert_eq!(words.len(), table.rows),
        }
    }
    shelf::put(name, bytes.to_vec()).unwrap();
    if let Ok(data) = build(&Spec::new("file").with("path", name), 0, "data") {
        for samples in [&data.train, &data.test] {
            assert!(samples.inputs.iter().chain(&samples.targets).all(|x| x.is_finite()));
            assert_eq!(samples.targets.len(), samples.count * data.targets.outputs());
        }
    }
}

#[test]
fn the_files_are_valid() {
    let files = files();
    for (i, rows) in [(0, 2), (1, 1), (2, 2), (4, 2), (5, 2), (6, 2)] {
        assert_eq!(read(&files[i], None).unwrap().rows, rows, "{i}");
    }
    assert_eq!(read_with_labels(&files[4], &files[3]).unwrap().rows, 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_end_with_a_table_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check("bytes", &bytes, &bytes);
    }

    #[test]
    fn random_text_ends_with_a_table_or_an_error(text in "[0-9a,;\t\"\n. -]{0,60}") {
        check("text", text.as_bytes(), text.as_bytes());
    }

    #[test]
    fn changed_files_end_with_a_table_or_an_error(bytes in changed(), other in changed()) {
        check("changed", &bytes, &other);
    }
}
