import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("Forms of convolutions")
struct ConvolutionFormTests {
  // Double precision with sums of a few hundred products of size 1.
  static let rounding = 1e-12

  /// One way a convolution moves over one image.
  struct Case: CustomTestStringConvertible, Sendable {
    let place: Place
    let size: (height: Int, width: Int)
    let stride: Int
    let padding: String
    var testDescription: String { "\(place) over \(size.height) x \(size.width), stride \(stride), \(padding)" }

    static let all = Place.convolutions.filter { $0.rank == 2 || !hasRank($0.word) }.flatMap { place in
      [(5, 7), (6, 8)].flatMap { size in
        [1, 2].flatMap { stride in ["same", "symmetric"].map { Case(place: place, size: size, stride: stride, padding: $0) } }
      }
    }
  }

  /// The layer's result with its weight in a form.
  private func apply(
    _ layer: any Layer, _ form: any Parameterization, rank: Int, _ values: [Matrix], _ shape: WeightShape, to x: Images
  ) throws -> [Double] {
    var bench = Bench(ranks: [rank])
    let parameters = bench.parameters(form, shape, bench.rank(0), values)
    let image = bench.input("x", x.shape, x.tensor)
    let symbol = bench.rank(0)
    var context = LayerContext(
      builder: bench.builder, mode: .evaluate, batch: x.batch, inputs: [[3, x.height, x.width]], layer: "layer", key: nil, tensors: [:]
    ) {
      (builder: inout Builder, _: String, input: WeightInput) throws(IRError) -> Value in
      try form.apply(input, parameters: parameters, shape: shape, rank: symbol, in: &builder)
    }
    let y = try layer.emit([image], in: &context)
    bench.builder = context.builder
    bench.output("y", y)
    return try #require(try bench.run()["y"]).values
  }

  @Test("a convolution through the form is that of the dense weight: inflation keeps the function (I1)", arguments: Case.all)
  func inflation(_ sample: Case) throws {
    let layer = layer(
      "conv2d",
      [
        "channels": .integer(4), "kernel": .integer(3), "stride": .integer(sample.stride), "padding": .word(sample.padding),
        "bias": .boolean(false),
      ])
    let input = [3, sample.size.height, sample.size.width]
    guard case .matrix(let shape)? = layer.parameters([input]).first?.kind else { Issue.record("no weight"); return }
    let form = sample.place.form
    let rank = sample.place.rank
    let values = try randomParameters(form, shape, rank: rank, seed: 17)
    let x = Images(2, sample.size.height, sample.size.width, 3, seed: 4)
    let expected = x.convolved(product(form, values, rank: rank, shape: shape), try #require(shape.convolution))
    #expect(try layer.infer([input]) == [4, expected.height, expected.width])
    #expect(expected.distance(to: try apply(layer, form, rank: rank, values, shape, to: x)) < Self.rounding)
    // And so is the reconstructed one, which a transition to dense stores.
    var bench = Bench(ranks: [rank])
    let parameters = bench.parameters(form, shape, bench.rank(0), values)
    bench.output("w", try form.reconstruct(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder))
    let dense = try #require(try bench.run()["w"])
    #expect(dense.distance(to: product(form, values, rank: rank, shape: shape)) < Self.rounding)
  }

  @Test("dilated and uneven kernels split as exactly", arguments: ["tucker", "cp", "factored"])
  func unevenKernels(word: String) throws {
    let layer = layer(
      "conv2d",
      [
        "channels": .integer(4), "kernel": pair(2, 3), "stride": pair(2, 1), "dilation": pair(1, 2), "padding": .integer(1),
        "bias": .boolean(false),
      ])
    guard case .matrix(let shape)? = layer.parameters([[3, 6, 9]]).first?.kind else { Issue.record("no weight"); return }
    let form = form(word, rank: 2)
    let values = try randomParameters(form, shape, rank: 2, seed: 8)
    let x = Images(1, 6, 9, 3, seed: 5)
    let expected = x.convolved(product(form, values, rank: 2, shape: shape), try #require(shape.convolution))
    #expect(expected.distance(to: try apply(layer, form, rank: 2, values, shape, to: x)) < Self.rounding)
  }

  private func pair(_ height: Int, _ width: Int) -> OptionValue {
    .list([height, width].map { LocatedOption(.integer($0), testSpan) })
  }

  @Test("an adapter begins with the dense function, to the bit (I2)", arguments: ["factored", "tucker", "cp"], [1, 2])
  func deflation(delta: String, stride: Int) throws {
    let layer = layer(
      "conv2d",
      [
        "channels": .integer(4), "kernel": .integer(3), "stride": .integer(stride), "bias": .boolean(false),
      ])
    guard case .matrix(let shape)? = layer.parameters([[3, 6, 7]]).first?.kind else { Issue.record("no weight"); return }
    let form = form("adapter", rank: 2, ["form": .word(delta)])
    let dense = Matrix(shape.inputs, shape.outputs, seed: 6)
    var bench = Bench(ranks: [2])
    let (w, key) = (bench.input("w", dense), bench.key())
    let parameters = try form.represent(w, shape: shape, rank: bench.rank(0), name: "w", key: key, in: &bench.builder)
    for (index, value) in parameters.enumerated() { bench.output("\(index)", value) }
    let found = try bench.run()
    let values = try parameters.indices.map { try #require(found["\($0)"]) }
    #expect(values[0] == dense)
    #expect(values.dropFirst().filter { $0.norm == 0 }.count == 1)
    #expect(values[["factored": 2, "tucker": 2, "cp": 4][delta] ?? 0].norm == 0)
    let x = Images(2, 6, 7, 3, seed: 9)
    let before = try apply(layer, DrnTestSupport.form("dense"), rank: 1, [dense], shape, to: x)
    #expect(try apply(layer, form, rank: 2, values, shape, to: x) == before)
    #expect(form.scale(rank: 2) == ["factored": 8, "tucker": 0.5, "cp": 32][delta])
  }

  @Test("a chain of rank r has rank r at most, and an adapter moves the rank of its base by r at most (I6)")
  func rankBounds() throws {
    let shape = WeightShape.convolution(Extent2(3), channels: 4, outputs: 6)
    func rank(_ matrix: Matrix, relativeTo base: Matrix) throws -> Int {
      try spectrum(matrix).filter { $0 > 1e-12 * base.norm }.count
    }
    for word in ["factored", "tucker", "cp", "three_factor", "core"] {
      let w = product(form(word, rank: 2), try randomParameters(form(word, rank: 2), shape, rank: 2, seed: 3), rank: 2, shape: shape)
      #expect(try rank(w, relativeTo: w) == 2)
    }
    let base = Matrix(36, 3, seed: 5) * Matrix(3, 6, seed: 6)
    for delta in ["factored", "tucker", "cp"] {
      let form = form("adapter", rank: 2, ["form": .word(delta)])
      var values = try randomParameters(form, shape, rank: 2, seed: 4)
      values[0] = base
      #expect(try rank(product(form, values, rank: 2, shape: shape), relativeTo: base) == 5)
    }
  }

  @Test(
    "the squared Jacobian and the decay of the product are those of the reconstruction",
    arguments: Place.convolutions.filter { $0.rank == 2 })
  func derivatives(place: Place) throws {
    let shape = ConvolutionTransitionTests.shape
    let form = place.form
    let values = try randomParameters(form, shape, rank: 2, seed: 31)
    let squares = Matrix(shape.inputs, shape.outputs, seed: 8).squares
    var bench = Bench(ranks: [2])
    let parameters = bench.parameters(form, shape, bench.rank(0), values)
    let dense = bench.input("g2", squares)
    let pulled = try form.pullBackSquared(dense, parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
    let decay = try form.productDecay(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
    for (index, value) in pulled.enumerated() { bench.output("\(index)", value) }
    for (index, value) in decay.enumerated() { bench.output("decay \(index)", value) }
    let results = try bench.run()
    let whole = product(form, values, rank: 2, shape: shape)
    for (position, index) in form.trainedIndices(shape, rank: 2).enumerated() {
      let (found, slopes) = (try #require(results["\(position)"]), try #require(results["decay \(position)"]))
      for entry in found.values.indices {
        // The reconstruction is linear in one entry, so a difference of step 1 is its derivative.
        var moved = values
        moved[index].values[entry] += 1
        let slope = product(form, moved, rank: 2, shape: shape) - whole
        let expected = zip(slope.squares.values, squares.values).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(found.values[entry] - expected) < 1e-9 * max(1, expected))
        let decayed = zip(slope.values, whole.values).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(slopes.values[entry] - decayed) < 1e-9 * max(1, abs(decayed)))
      }
    }
  }

  @Test("singular values of a form are those of its matrix", arguments: Place.convolutions)
  func spectra(place: Place) throws {
    let shape = ConvolutionTransitionTests.shape
    let values = try randomParameters(place.form, shape, rank: place.rank, seed: 12)
    var bench = Bench(ranks: [place.rank])
    let parameters = bench.parameters(place.form, shape, bench.rank(0), values)
    bench.output("form", try place.form.singularValues(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder))
    let found = try #require(try bench.run()["form"]).values
    let expected = try spectrum(product(place.form, values, rank: place.rank, shape: shape))
    #expect(found.count == (!hasRank(place.word) || place.word == "adapter" ? 4 : place.rank))
    for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-10) }
  }

  @Test("a Tucker form above the input channels is exact, its further columns drawn and alive")
  func wideTucker() throws {
    let shape = WeightShape.convolution(Extent2(3), channels: 2, outputs: 5)
    let dense = Matrix(shape.inputs, shape.outputs, seed: 2)
    let form = form("tucker", rank: 5)
    var bench = Bench(ranks: [5])
    let (w, key) = (bench.input("w", dense), bench.key())
    let parameters = try form.represent(w, shape: shape, rank: bench.rank(0), name: "w", key: key, in: &bench.builder)
    for (index, value) in parameters.enumerated() { bench.output("\(index)", value) }
    let found = try bench.run()
    let values = try (0..<3).map { try #require(found["\($0)"]) }
    #expect(form.fidelity(rank: 5, shape: shape) == .exact)
    #expect(product(form, values, rank: 5, shape: shape).distance(to: dense) < Self.rounding)
    for column in 2..<5 { #expect((0..<2).contains { values[0][$0, column] != 0 }) }
    #expect((values[2] * values[2].transposed).distance(to: .identity(5)) < Self.rounding)
  }

  @Test("each factor of a convolution is Glorot uniform with its own fan-in and fan-out, as Keras counts them")
  func draws() throws {
    let shape = WeightShape.convolution(Extent2(3), channels: 8, outputs: 16)
    func limits(_ word: String) throws -> [Double] {
      let form = form(word, rank: 8, ["initial": .word("glorot_each")])
      var bench = Bench(ranks: [8])
      let dense = try bench.builder.constant(0, shape: [72, 16])
      let values = try form.initialize(dense: dense, shape: shape, rank: bench.rank(0), name: "w", key: bench.key(), in: &bench.builder)
      for (index, value) in values.enumerated() { bench.output("\(index)", value) }
      let found = try bench.run()
      return try values.indices.map { try #require(found["\($0)"]).values.map(abs).max() ?? 0 }
    }
    // (fan-in, fan-out) of a kernel a x b from c to d channels is (a b c, a b d); the largest of n draws is near the limit.
    let expected: [String: [Double]] = [
      "factored": [72 + 72, 8 + 16], "tucker": [8 + 8, 72 + 72, 8 + 16], "cp": [8 + 8, 24 + 24, 24 + 24, 8 + 16],
    ]
    for word in ["factored", "tucker", "cp"] {
      for (found, fans) in zip(try limits(word), try #require(expected[word])) {
        let limit = (6 / fans).squareRoot()
        #expect(found <= limit && found > 0.9 * limit)
      }
    }
  }

  @Test("cp at stride 2 says where its strides lie, at stride 1 nothing")
  func departure() throws {
    func shape(_ stride: Int) -> WeightShape {
      WeightShape(inputs: 27, outputs: 4, convolution: ConvolutionGeometry(kernel: Extent2(3), stride: Extent2(stride)))
    }
    #expect(form("cp", rank: 2).departure(shape(2))?.contains("stride") == true)
    #expect(form("cp", rank: 2).departure(shape(1)) == nil && form("tucker", rank: 2).departure(shape(2)) == nil)
    #expect(form("adapter", rank: 2, ["form": .word("cp")]).departure(shape(2)) != nil)
  }
}
