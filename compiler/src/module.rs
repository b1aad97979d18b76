//! A function with its derivatives as a WebAssembly module.
//!
//! The module has one function for every routine. It takes the addresses of x, of ∇f and of ∇²f,
//! and returns f. What it computes stays in locals until it is written down. Operations are the
//! processor's, in the program's order, so that the numbers are those of the interpreter to the
//! last bit.

use flatland_engine::program::{Derivatives, Function, Operation, Place, Program, Routine};

use crate::encoding::{Bytes, code, kind, section};

/// The types of functions by their index: of routines, of [`APPLY`] and of [`POWER`].
const ROUTINE_TYPE: usize = 0;
const TYPES: [&[u8]; 3] = [
    &[kind::FUNCTION, 3, kind::I32, kind::I32, kind::I32, 1, kind::F64],
    &[kind::FUNCTION, 2, kind::I32, kind::F64, 1, kind::F64],
    &[kind::FUNCTION, 2, kind::F64, kind::F64, 1, kind::F64],
];

/// The parameters of routines by their index, and how many they are.
const X: usize = 0;
const GRADIENT: usize = 1;
const HESSIAN: usize = 2;
const PARAMETERS: usize = 3;

/// What is imported, each under [`NAMESPACE`], with its kind and type: the engine's memory, however
/// large; the functions of one argument, by their index in [`Function::ALL`]; and the power.
const IMPORTS: [(&str, &[u8]); 3] = [(MEMORY, &[2, 0, 0]), (APPLY, &[0, 1]), (POWER, &[0, 2])];
pub(crate) const NAMESPACE: &str = "engine";
pub(crate) const MEMORY: &str = "memory";
pub(crate) const APPLY: &str = "apply";
pub(crate) const POWER: &str = "power";

/// The imported functions by their index; the module's own come after them.
const APPLY_INDEX: usize = 0;
const POWER_INDEX: usize = 1;
const IMPORTED: usize = 2;

/// The module; its functions are exported by the names 0, 1, … in the order of [`Routine::ALL`].
#[must_use]
pub fn module(derivatives: &Derivatives) -> Vec<u8> {
    let (mut types, mut imports, mut functions) = (Bytes::default(), Bytes::default(), Bytes::default());
    let (mut exports, mut bodies) = (Bytes::default(), Bytes::default());
    for of in TYPES {
        types.raw(of);
    }
    for (name, description) in IMPORTS {
        imports.sized(NAMESPACE.as_bytes()).sized(name.as_bytes()).raw(description);
    }
    for (index, routine) in Routine::ALL.into_iter().enumerate() {
        functions.unsigned(ROUTINE_TYPE);
        exports.sized(index.to_string().as_bytes()).raw(&[0]).unsigned(IMPORTED + index);
        bodies.sized(&Body::new(&derivatives.program).of(routine, derivatives));
    }
    let count = Routine::ALL.len();
    let mut module = Bytes::default();
    module
        .raw(b"\0asm\x01\0\0\0")
        .section(section::TYPES, TYPES.len(), &types.0)
        .section(section::IMPORTS, IMPORTS.len(), &imports.0)
        .section(section::FUNCTIONS, count, &functions.0)
        .section(section::EXPORTS, count, &exports.0)
        .section(section::CODE, count, &bodies.0);
    module.0
}

/// The body of a function in the making.
struct Body<'a> {
    program: &'a Program,
    code: Bytes,

    /// By place, the local that holds the number.
    locals: Vec<Option<usize>>,

    /// The next local; the first ones are the parameters.
    next: usize,
}

impl<'a> Body<'a> {
    fn new(program: &'a Program) -> Self {
        Self { program, code: Bytes::default(), locals: vec![None; program.places()], next: PARAMETERS }
    }

    /// The body of a routine, with its locals.
    fn of(mut self, routine: Routine, derivatives: &'a Derivatives) -> Vec<u8> {
        let asked = |is_asked: bool, places: &'a [Place]| if is_asked { places } else { &[] };
        let gradient = asked(routine.has_gradient(), &derivatives.gradient);
        let hessian = asked(routine.has_hessian(), &derivatives.hessian);
        let value = routine.has_value().then_some(derivatives.value);
        let needed = needed(self.program, value.iter().chain(gradient).chain(hessian));
        for (operation, place) in self.program.operations.iter().zip(self.program.first()..) {
            if needed[place] {
                self.operation(operation);
                let local = self.local(place);
                self.code.raw(&[code::LOCAL_SET]).unsigned(local);
            }
        }
        for (to, places) in [(GRADIENT, gradient), (HESSIAN, hessian)] {
            for (index, place) in places.iter().enumerate() {
                self.code.raw(&[code::LOCAL_GET]).unsigned(to);
                self.push(*place);
                self.memory(code::F64_STORE, index);
            }
        }
        match value {
            Some(place) => self.push(place),
            None => self.constant(f64::NAN),
        }
        self.code.raw(&[code::END]);
        let mut body = Bytes::default();
        // One group of locals, all of one type.
        body.unsigned(1).unsigned(self.next - PARAMETERS).raw(&[kind::F64]).raw(&self.code.0);
        body.0
    }

    /// A new local for a place.
    fn local(&mut self, place: Place) -> usize {
        self.locals[place] = Some(self.next);
        self.next += 1;
        self.next - 1
    }

    /// Reads or writes a number by its index from the address on the stack; numbers are aligned to
    /// 2³ bytes.
    fn memory(&mut self, instruction: u8, index: usize) {
        self.code.raw(&[instruction, 3]).unsigned(8 * index);
    }

    /// Pushes the number of a place.
    fn push(&mut self, place: Place) {
        if let Some(value) = place.checked_sub(self.program.inputs).and_then(|index| self.program.constants.get(index))
        {
            self.constant(*value);
        } else if let Some(local) = self.locals[place] {
            self.code.raw(&[code::LOCAL_GET]).unsigned(local);
        } else {
            // An input, which is read once.
            self.code.raw(&[code::LOCAL_GET]).unsigned(X);
            self.memory(code::F64_LOAD, place);
            let local = self.local(place);
            self.code.raw(&[code::LOCAL_TEE]).unsigned(local);
        }
    }

    fn constant(&mut self, value: f64) {
        self.code.raw(&[code::F64_CONST]).raw(&value.to_le_bytes());
    }

    /// Pushes operands and applies an instruction to them.
    fn apply(&mut self, operands: &[Place], instruction: u8) {
        for place in operands {
            self.push(*place);
        }
        self.code.raw(&[instruction]);
    }

    /// Pushes an operation's value.
    fn operation(&mut self, operation: &Operation) {
        match *operation {
            Operation::Add(a, b) => self.apply(&[a, b], code::F64_ADD),
            Operation::Subtract(a, b) => self.apply(&[a, b], code::F64_SUB),
            Operation::Multiply(a, b) => self.apply(&[a, b], code::F64_MUL),
            Operation::Divide(a, b) => self.apply(&[a, b], code::F64_DIV),
            Operation::Negate(a) => self.apply(&[a], code::F64_NEG),
            Operation::Apply(Function::Abs, a) => self.apply(&[a], code::F64_ABS),
            Operation::Apply(Function::Sqrt, a) => self.apply(&[a], code::F64_SQRT),
            Operation::Apply(function, a) => {
                let index = Function::ALL.iter().position(|known| *known == function).unwrap_or_default();
                // As many bits as a byte of a number with sign has.
                self.code.raw(&[code::I32_CONST, index as u8 & 0x3f]);
                self.push(a);
                self.code.raw(&[code::CALL]).unsigned(APPLY_INDEX);
            }
            Operation::Power(a, b) => {
                self.apply(&[a, b], code::CALL);
                self.code.unsigned(POWER_INDEX);
            }
            // Of two numbers and a truth, the first number where it holds.
            Operation::Weigh(a, b) => {
                self.constant(0.0);
                self.push(a);
                self.push(b);
                self.code.raw(&[code::F64_MUL]);
                self.push(a);
                self.constant(0.0);
                self.code.raw(&[code::F64_EQ, code::SELECT]);
            }
            Operation::Choose { less, than, then, otherwise } => {
                for place in [then, otherwise, less, than] {
                    self.push(place);
                }
                self.code.raw(&[code::F64_LT, code::SELECT]);
            }
        }
    }
}

/// By place, whether one of the results needs the number.
fn needed<'a>(program: &Program, results: impl Iterator<Item = &'a Place>) -> Vec<bool> {
    let mut needed = vec![false; program.places()];
    for place in results {
        needed[*place] = true;
    }
    for place in (program.first()..program.places()).rev() {
        if needed[place] {
            for operand in program.operations[place - program.first()].operands() {
                needed[operand] = true;
            }
        }
    }
    needed
}
