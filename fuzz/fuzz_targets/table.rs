//! Any bytes as a file of data: reading ends with an error or with a table of finite numbers, and
//! what is read can be split into a data set.
#![no_main]

use flatland_engine::data::table::{Target, read, read_with_labels};
use flatland_engine::data::{build, shelf};
use flatland_engine::spec::Spec;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Where two files are read, the second is what stands behind the middle.
    let (images, labels) = bytes.split_at(bytes.len() / 2);
    let tables = [read(bytes, None), read(bytes, Some("x")), read_with_labels(images, labels)];
    for table in tables.into_iter().flatten() {
        assert_eq!(table.inputs.len(), table.rows * table.features);
        assert!(table.inputs.iter().all(|x| x.is_finite()));
        match &table.target {
            Target::Numbers(numbers) => assert!(numbers.len() == table.rows && numbers.iter().all(|x| x.is_finite())),
            Target::Words { words, .. } => assert_eq!(words.len(), table.rows),
        }
    }
    shelf::put("fuzzed", bytes.to_vec()).expect("any bytes may stand under a path");
    for task in ["auto", "classes", "regression"] {
        let Ok(data) = build(&Spec::new("file").with("path", "fuzzed").with("task", task), 0, "data") else { continue };
        for samples in [&data.train, &data.test] {
            assert!(samples.count > 0);
            assert_eq!(samples.inputs.len(), samples.count * data.inputs);
            assert_eq!(samples.targets.len(), samples.count * data.targets.outputs());
            assert!(samples.inputs.iter().chain(&samples.targets).all(|x| x.is_finite()));
        }
    }
});
