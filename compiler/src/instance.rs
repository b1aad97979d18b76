//! Modules at work: in the engine's memory, in the engine's table.

use std::cell::RefCell;
use std::mem;
use std::sync::Arc;

use flatland_engine::program::{Code, Compiled, Derivatives, Function, Routine};
use js_sys::{Object, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;

use crate::module::{APPLY, MEMORY, NAMESPACE, POWER, module};

/// Formulas with more operations stay interpreted: compiling them would hold up what runs.
const MAX_OPERATIONS: usize = 5_000;

thread_local! {
    /// The module written last, with its functions: runs of one formula share them, and so does a
    /// run that starts again.
    static LAST: RefCell<Option<(Vec<u8>, Arc<Slots>)>> = const { RefCell::new(None) };

    /// Slots that nobody uses any more.
    static FREE: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// Compiles a function at once, which browsers may refuse for long ones outside of workers.
pub(crate) fn compile(derivatives: &Derivatives) -> Option<Compiled> {
    if derivatives.program.operations.len() > MAX_OPERATIONS {
        return None;
    }
    let bytes = module(derivatives);
    let known =
        LAST.with_borrow(|last| last.as_ref().filter(|(known, _)| *known == bytes).map(|(_, slots)| slots.clone()));
    let slots = match known {
        Some(slots) => slots,
        None => {
            let slots = Arc::new(Slots::of(&bytes).ok()?);
            LAST.set(Some((bytes, slots.clone())));
            slots
        }
    };
    // SAFETY: in the table, at the place that its pointer is, stands a function of this type, put
    // there by `Slots::of`; the slots stay its own as long as they live. `module` has it read and
    // write what it should.
    #[expect(unsafe_code, reason = "the only way to name a function that did not exist when this was compiled")]
    unsafe {
        let code = |routine: Routine| mem::transmute::<usize, Code>(slots.0 as usize + routine as usize);
        Some(Compiled::new(derivatives.gradient.len(), Routine::ALL.map(code), slots))
    }
}

/// Where in the engine's table the functions of a module stand, in the order of [`Routine::ALL`]:
/// from here on.
#[derive(Debug)]
struct Slots(u32);

impl Slots {
    /// Compiles a module and puts its functions into the table.
    fn of(bytes: &[u8]) -> Result<Self, JsValue> {
        let table: WebAssembly::Table = wasm_bindgen::function_table().unchecked_into();
        let engine = Object::new();
        let set = |name: &str, value: &JsValue| Reflect::set(&engine, &name.into(), value);
        set(MEMORY, &wasm_bindgen::memory())?;
        // In WebAssembly a function's pointer is its place in the table.
        set(APPLY, table.get(apply as extern "C" fn(u32, f64) -> f64 as usize as u32)?.as_ref())?;
        set(POWER, table.get(power as extern "C" fn(f64, f64) -> f64 as usize as u32)?.as_ref())?;
        let imports = Object::new();
        Reflect::set(&imports, &NAMESPACE.into(), &engine)?;
        let module = WebAssembly::Module::new(&Uint8Array::from(bytes))?;
        let exports = WebAssembly::Instance::new(&module, &imports)?.exports();
        let count = Routine::ALL.len() as u32;
        let slots = Self(match FREE.with_borrow_mut(Vec::pop) {
            Some(first) => first,
            None => table.grow(count)?,
        });
        for index in 0..count {
            table.set(slots.0 + index, Reflect::get_u32(&exports, index)?.unchecked_ref())?;
        }
        Ok(slots)
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        FREE.with_borrow_mut(|free| free.push(self.0));
    }
}

extern "C" fn apply(function: u32, x: f64) -> f64 {
    Function::ALL.get(function as usize).map_or(f64::NAN, |function| function.value(x))
}

extern "C" fn power(a: f64, b: f64) -> f64 {
    libm::pow(a, b)
}
