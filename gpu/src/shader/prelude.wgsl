// What every shader begins with. Compilers may assume that no number is infinite or NaN, so bits are looked at instead.

struct Numbers {
    count: u32,
    first: u32,
    last: u32,
    steps: u32,
    offset: u32,
    end: u32,
    nan: u32,
    spare: u32,
    tolerance: f32,
    limit: f32,
    spares: vec2<f32>,
    start: vec4<f32>,
    slots: array<vec4<f32>, 2>,
}

@group(0) @binding(0) var<uniform> numbers: Numbers;
@group(0) @binding(1) var<storage, read> points: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read_write> state: array<u32>;

fn nan() -> f32 {
    return bitcast<f32>(numbers.nan);
}

fn is_finite(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7f800000u) != 0x7f800000u;
}

fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}

// Up to 1e38, so that no infinity arises here.
fn exponential(a: f32) -> f32 {
    return exp(min(a, 87.5f));
}

fn logarithm(a: f32) -> f32 {
    if (a > 0.0f) {
        return log(a);
    }
    if (a == 0.0f) {
        return -3.4e38f;
    }
    return nan();
}

fn root(a: f32) -> f32 {
    if (a >= 0.0f) {
        return sqrt(a);
    }
    return nan();
}

fn power(a: f32, b: f32) -> f32 {
    if (a > 0.0f) {
        return pow(a, b);
    }
    if (a == 0.0f) {
        if (b > 0.0f) {
            return 0.0f;
        }
        return select(3.4e38f, 1.0f, b == 0.0f);
    }
    if (b != floor(b)) {
        return nan();
    }
    let size = pow(-a, b);
    return select(size, -size, 2.0f * floor(0.5f * b) != b);
}

// log(1 + a) for 0 ≤ a ≤ 1.4, by the series of 2 artanh(a/(2 + a)).
fn log_one_plus(a: f32) -> f32 {
    let s = a / (2.0f + a);
    let z = s * s;
    let tail = z * (0.33333333f + z * (0.2f + z * (0.14285714f + z * (0.11111111f + z * (0.09090909f
        + z * (0.07692308f + z * 0.06666667f))))));
    return 2.0f * (s + s * tail);
}

// sinh a for |a| ≤ 1.
fn small_sinh(a: f32) -> f32 {
    let z = a * a;
    return a + a * z * (0.16666667f + z * (0.0083333333f + z * (0.00019841270f + z * 0.0000027557319f)));
}

fn hyperbolic_sine(a: f32) -> f32 {
    if (abs(a) < 0.9f) {
        return small_sinh(a);
    }
    let e = exponential(abs(a));
    let size = 0.5f * (e - 1.0f / e);
    return select(size, -size, a < 0.0f);
}

fn hyperbolic_cosine(a: f32) -> f32 {
    let e = exponential(abs(a));
    return 0.5f * (e + 1.0f / e);
}

fn hyperbolic_tangent(a: f32) -> f32 {
    if (abs(a) < 0.9f) {
        let s = small_sinh(a);
        return s / sqrt(1.0f + s * s);
    }
    let e = exp(-2.0f * abs(a));
    let size = (1.0f - e) / (1.0f + e);
    return select(size, -size, a < 0.0f);
}

fn log_cosh(a: f32) -> f32 {
    if (abs(a) < 0.9f) {
        let s = small_sinh(a);
        return 0.5f * log_one_plus(s * s);
    }
    return abs(a) - 0.69314718f + log_one_plus(exp(-2.0f * abs(a)));
}

fn softplus(a: f32) -> f32 {
    return max(a, 0.0f) + log_one_plus(exp(-abs(a)));
}

fn sigmoid(a: f32) -> f32 {
    return 1.0f / (1.0f + exponential(-a));
}

// a·b, and 0 where a is 0 whatever b is.
fn weighed(a: f32, b: f32) -> f32 {
    return select(a * b, 0.0f, a == 0.0f);
}

// The sine of a − kπ/2 and its cosine, after S. L. Moshier's Cephes, whose precision that of shaders' own falls short of.
fn near_sine(r: f32) -> f32 {
    let z = r * r;
    return r + r * z * (-0.16666655f + z * (0.0083321609f - z * 0.00019515296f));
}

fn near_cosine(r: f32) -> f32 {
    let z = r * r;
    return 1.0f - 0.5f * z + z * z * (0.041666646f + z * (-0.0013887316f + z * 0.000024433157f));
}

fn turned(a: f32, quarter: f32) -> f32 {
    let k = round(a * 0.63661977f);
    let r = ((a - k * 1.5703125f) - k * 0.00048375130f) - k * 0.000000075497900f;
    let turn = k + quarter;
    let place = turn - 4.0f * floor(0.25f * turn);
    if (place < 0.5f) {
        return near_sine(r);
    }
    if (place < 1.5f) {
        return near_cosine(r);
    }
    return select(-near_cosine(r), -near_sine(r), place < 2.5f);
}

fn sine(a: f32) -> f32 {
    return turned(a, 0.0f);
}

fn cosine(a: f32) -> f32 {
    return turned(a, 1.0f);
}

fn tangent(a: f32) -> f32 {
    return turned(a, 0.0f) / turned(a, 1.0f);
}
