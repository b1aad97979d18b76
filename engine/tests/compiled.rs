//! Where there is a compiler, formulas that are evaluated often are its routines.
#![allow(missing_docs)]

use std::slice;
use std::sync::Arc;

use flatland_engine::experiment::Spec;
use flatland_engine::formula::Formula;
use flatland_engine::objective;
use flatland_engine::program::{Code, Compiled, Derivatives, Routine, compile_with};
use nalgebra::{DMatrix, DVector};

const X: [f64; 3] = [0.5, 0.25, 0.125];

/// Code of another function altogether: f is 1, ∇f is 2 and ∇²f 3·I, where they are asked for.
#[expect(unsafe_code, reason = "code is called by addresses")]
unsafe extern "C" fn code<const ROUTINE: usize>(x: *const f64, gradient: *mut f64, hessian: *mut f64) -> f64 {
    let routine = Routine::ALL[ROUTINE];
    // SAFETY: as the engine promises for three variables.
    unsafe {
        assert_eq!(slice::from_raw_parts(x, 3), X, "{routine:?}");
        if routine.has_gradient() {
            slice::from_raw_parts_mut(gradient, 3).fill(2.0);
        }
        if routine.has_hessian() {
            slice::from_raw_parts_mut(hessian, 9).copy_from_slice((DMatrix::identity(3, 3) * 3.0).as_slice());
        }
    }
    if routine.has_value() { 1.0 } else { f64::NAN }
}

fn compiler(derivatives: &Derivatives) -> Option<Compiled> {
    let routines = [code::<0> as Code, code::<1>, code::<2>, code::<3>, code::<4>];
    // SAFETY: the routines write as many numbers as three variables ask for.
    #[expect(unsafe_code, reason = "a compiler vouches for its code")]
    unsafe {
        Some(Compiled::new(derivatives.gradient.len(), routines, Arc::new(())))
    }
}

#[test]
fn a_formula_that_is_evaluated_often_is_compiled() {
    compile_with(compiler);
    // The first one stays.
    compile_with(|_| None);
    let spec = Spec::new("formula").with("expression", "f(x, y, z) = x + y + z");
    let entry = objective::find("formula").expect("the formula");
    let objective = entry.build(&spec, 3).expect("a valid formula");
    let x = DVector::from_column_slice(&X);
    let (mut gradient, mut hessian) = (DVector::zeros(3), DMatrix::zeros(3, 3));
    for _ in 0..1_000 {
        assert_eq!(objective.value(&x), 0.875, "interpreted at first");
    }
    for _ in 0..5_000 {
        objective.value(&x);
    }
    assert_eq!(objective.value(&x), 1.0);
    objective.gradient(&x, &mut gradient);
    assert_eq!(gradient.as_slice(), [2.0; 3]);
    objective.hessian(&x, &mut hessian);
    assert_eq!(hessian, DMatrix::identity(3, 3) * 3.0);
    assert_eq!(objective.sharpness(&x, &mut hessian), 3.0);
    for workspace in [None, Some(&mut hessian)] {
        gradient.fill(0.0);
        let expected = if workspace.is_some() { 3.0 } else { f64::NAN };
        let (value, sharpness) = objective.measure(&x, &mut gradient, workspace);
        assert_eq!((value, gradient.as_slice()), (1.0, &[2.0; 3][..]));
        assert!(sharpness == expected || sharpness.is_nan() && expected.is_nan(), "{sharpness}");
    }
    // The interpreter's, which computes a Hessian once for all products.
    let mut product = DVector::zeros(3);
    objective.hessian_vector_product(&x, &gradient, &mut product);
    assert_eq!(product.as_slice(), [0.0; 3]);
}

#[test]
#[should_panic(expected = "a gradient of 3 numbers")]
fn code_never_writes_beyond_what_it_is_given() {
    let sum = Formula::parse("f(x, y, z) = x + y + z").expect("a formula");
    let compiled = compiler(&Derivatives::of(sum.program())).expect("code");
    compiled.run(Routine::Gradient, &X, &mut [0.0; 2], &mut []);
}
