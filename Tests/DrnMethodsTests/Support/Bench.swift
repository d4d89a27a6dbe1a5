import DrnIR
import DrnMethods
import DrnPasses
import DrnReference

/// Emits one function over symbolic ranks, gives the ranks their numbers and evaluates it in double precision.
struct Bench {
  var module = Module(name: "test")
  var builder: Builder
  private var arguments: [String: ReferenceTensor] = [:]
  private let ranks: [Int]

  /// One rank symbol per entry.
  init(ranks: [Int] = []) {
    self.ranks = ranks
    for (index, rank) in ranks.enumerated() { _ = module.addSymbol(SymbolInfo(name: "w\(index)", bounds: 1...max(rank, 64))) }
    builder = Builder(function: "main", in: module)
  }

  func rank(_ index: Int) -> Dimension { Dimension(Symbol(index)) }

  mutating func input(_ name: String, _ shape: [Dimension], _ tensor: ReferenceTensor) -> Value {
    input(name, .f32(shape), tensor)
  }
  mutating func input(_ name: String, _ type: TensorType, _ tensor: ReferenceTensor) -> Value {
    arguments[name] = tensor
    return builder.argument(name, role: .plain, type)
  }
  mutating func input(_ name: String, _ matrix: Matrix) -> Value {
    input(name, [Dimension(matrix.rows), Dimension(matrix.columns)], matrix.tensor)
  }
  mutating func key(_ seed: UInt64 = 7) -> Value {
    arguments["key"] = ReferenceTensor(key: seed)
    return builder.argument("key", role: .key, TensorType(.u64, []))
  }
  /// The parameters of a form as arguments.
  mutating func parameters(
    _ form: any Parameterization, _ shape: WeightShape, _ rank: Dimension, _ values: [Matrix], prefix: String = "p"
  ) -> [Value] {
    zip(form.parameters(shape, rank: rank), values).map { input("\(prefix).\($0.name)", $0.shape, $1.tensor) }
  }
  mutating func output(_ name: String, _ value: Value) { builder.result(name, role: .output, value) }

  /// The results by name.
  func run() throws -> [String: Matrix] {
    var whole = module
    whole.set(builder.function)
    try requireVerified(whole, after: "test")
    let concrete = try expandGradients(try specialize(whole, ranks: ranks))
    guard let function = concrete.function("main") else { return [:] }
    return try evaluate(function: function, module: concrete, arguments: arguments).mapValues(Matrix.init)
  }
}

/// Arbitrary parameters of a form; bases that must be orthonormal are, and masks are of zeros and ones.
func randomParameters(_ form: any Parameterization, _ shape: WeightShape, rank: Int, seed: UInt64) throws -> [Matrix] {
  var values: [Matrix] = []
  for (index, spec) in form.parameters(shape, rank: Dimension(rank)).enumerated() {
    let extents = spec.shape.compactMap(\.value)
    let draw = Matrix(extents[0], extents[1], seed: seed + UInt64(index) * 101)
    switch (form.word, spec.isTrainable) {
    case ("core", false): values.append(try orthonormalized(draw))
    case ("sparse", false): values.append(draw.mask)
    case _: values.append(draw)
    }
  }
  return values
}

private func orthonormalized(_ matrix: Matrix) throws -> Matrix {
  let isWide = matrix.columns > matrix.rows
  var bench = Bench()
  let input = bench.input("m", isWide ? matrix.transposed : matrix)
  bench.output("q", try bench.builder.orthonormalize(input))
  let basis = try bench.run()["q"] ?? matrix
  return isWide ? basis.transposed : basis
}

/// The dense matrix by the oracle's arithmetic.
func product(_ form: any Parameterization, _ p: [Matrix], rank: Int, shape: WeightShape = WeightShape(inputs: 7, outputs: 5)) -> Matrix {
  switch (form.word, form.options.word("form")) {
  case ("factored", _): p[0] * p[1]
  case ("three_factor", _), ("core", _): p[0] * p[1] * p[2]
  case ("tucker", _): tuckerProduct(p, places: shape.kernelArea)
  case ("cp", _): cpProduct(p, kernel: shape.convolution?.kernel ?? Extent2(1))
  case ("power", _): Matrix(p[0].rows, p[0].columns, p[0].values.map { $0 * abs($0) })
  case ("sparse", _): Matrix(p[0].rows, p[0].columns, zip(p[0].values, p[1].values).map(*))
  case ("kronecker", _): kroneckerProduct(p[0], p[1])
  case ("adapter", "tucker"?): p[0] + (1 / Double(rank)) * tuckerProduct(Array(p[1...]), places: shape.kernelArea)
  case ("adapter", "cp"?): p[0] + (64 / Double(rank)) * cpProduct(Array(p[1...]), kernel: shape.convolution?.kernel ?? Extent2(1))
  case ("adapter", _): p[0] + (16 / Double(rank)) * (p[1] * p[2])
  case _: p[0]
  }
}

/// One copy of b for each entry of a, multiplied by it, as numpy.kron has it.
func kroneckerProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
  var result = Matrix(a.rows * b.rows, a.columns * b.columns)
  for row in 0..<result.rows {
    for column in 0..<result.columns {
      result[row, column] = a[row / b.rows, column / b.columns] * b[row % b.rows, column % b.columns]
    }
  }
  return result
}

extension Bench {
  mutating func labels(_ labels: [Int]) -> Value {
    input("labels", TensorType(.i32, [Dimension(labels.count)]), ReferenceTensor(shape: [labels.count], values: labels.map(Double.init)))
  }
}
