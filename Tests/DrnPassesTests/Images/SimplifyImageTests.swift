import DrnIR
import DrnPasses
import Testing

@Suite("Simplification around images")
struct SimplifyImageTests {
  /// The opcodes of the simplified function that computes `%y` of these arguments; the results are held to be the same.
  static func simplified(_ arguments: String, _ lines: String) throws -> [Opcode] {
    let module = try readModule("module @m { func @f(\(arguments)) -> (%y {output \"y\"}) { \(lines) } }")
    #expect(verify(module) == [])
    try expectEquivalent(module, function: "f", simplify)
    return try #require(try simplify(module).function("f")).operations.map(\.opcode)
  }

  static func window(_ kernel: [Int], stride: Int = 1, padding: Int = 0) -> String {
    let sides = [padding, padding, padding, padding]
    return "dilation = [1, 1], kernel = \(kernel), padding = \(sides), stride = [\(stride), \(stride)]"
  }

  @Test("Orders of channels that undo each other disappear")
  func inverseOrders() throws {
    let there = "%1 = channels_last %x : f32[2, 3, 4, 5]\n %y = channels_first %1 : f32[2, 5, 3, 4]"
    #expect(try Self.simplified("%x: f32[2, 5, 3, 4] {plain \"x\"}", there) == [])
    let back = "%1 = channels_first %x : f32[2, 5, 3, 4]\n %y = channels_last %1 : f32[2, 3, 4, 5]"
    #expect(try Self.simplified("%x: f32[2, 3, 4, 5] {plain \"x\"}", back) == [])
    let twice = "%1 = channels_last %x : f32[2, 3, 4, 5]\n %y = channels_last %1 : f32[2, 4, 5, 3]"
    #expect(try Self.simplified("%x: f32[2, 5, 3, 4] {plain \"x\"}", twice) == [.channelsLast, .channelsLast])
  }

  @Test(
    "An order of one channel or one pixel is a reshape",
    arguments: [
      ("2, 1, 3, 4", "channels_last", "2, 3, 4, 1", true), ("2, 5, 1, 1", "channels_last", "2, 1, 1, 5", true),
      ("2, 3, 4, 1", "channels_first", "2, 1, 3, 4", true), ("2, 1, 1, 5", "channels_first", "2, 5, 1, 1", true),
      ("2, 5, 1, 4", "channels_last", "2, 1, 4, 5", false), ("1, 3, 4, 2", "channels_first", "1, 2, 3, 4", false),
    ])
  func trivialOrders(from: String, opcode: String, to: String, isReshape: Bool) throws {
    let found = try Self.simplified("%x: f32[\(from)] {plain \"x\"}", "%y = \(opcode) %x : f32[\(to)]")
    #expect((found == [.reshape]) == isReshape)
  }

  @Test("Patches of single pixels, and of the whole image, are the image; with a stride or padding they are not")
  func patches() throws {
    let image = "%x: f32[2, 3, 4, 5] {plain \"x\"}"
    #expect(try Self.simplified(image, "%y = patches %x {\(Self.window([1, 1]))} : f32[24, 5]") == [.reshape])
    #expect(try Self.simplified(image, "%y = patches %x {\(Self.window([3, 4]))} : f32[2, 60]") == [.reshape])
    #expect(try Self.simplified(image, "%y = patches %x {\(Self.window([1, 1], stride: 2))} : f32[8, 5]") == [.patches])
    #expect(try Self.simplified(image, "%y = patches %x {\(Self.window([1, 1], padding: 1))} : f32[60, 5]") == [.patches])
    let gradient = "%y = patches_gradient %x {\(Self.window([1, 1])), shape = <2, 3, 4, 5>} : f32[2, 3, 4, 5]"
    #expect(try Self.simplified("%x: f32[24, 5] {plain \"x\"}", gradient) == [.reshape])
  }

  @Test("A mask that meets a matrix under more axes is made of that shape, not stored in the other")
  func maskOfMatrix() throws {
    let arguments = "%x: f32[2, 3, 4, 5] {plain \"x\"}, %m: f32[24, 5] {plain \"m\"}"
    let lines = """
      %0 = constant {shape = <>, value = 0.0} : f32
      %1 = greater %x, %0 : f32[2, 3, 4, 5]
      %2 = reshape %m {shape = <2, 3, 4, 5>} : f32[2, 3, 4, 5]
      %y = multiply %2, %1 : f32[2, 3, 4, 5]
      """
    #expect(try Self.simplified(arguments, lines) == [.constant, .reshape, .greater, .multiply, .reshape])
  }

  @Test("Convolutions over single pixels, and their gradients, are products; in groups they are not")
  func pointwise() throws {
    let (image, weight) = ("%x: f32[2, 3, 4, 6] {plain \"x\"}", "%w: f32[6, 4] {plain \"w\"}")
    let (result, window) = ("%d: f32[2, 3, 4, 4] {plain \"d\"}", Self.window([1, 1]))
    #expect(
      try Self.simplified("\(image), \(weight)", "%y = convolution %x, %w {groups = 1, \(window)} : f32[2, 3, 4, 4]")
        == [.reshape, .matmul, .reshape])
    #expect(
      try Self.simplified(
        "\(result), \(weight)", "%y = convolution_input_gradient %d, %w {groups = 1, shape = <2, 3, 4, 6>, \(window)} : f32[2, 3, 4, 6]")
        == [.reshape, .matmul, .reshape])
    #expect(
      try Self.simplified("\(image), \(result)", "%y = convolution_weight_gradient %x, %d {groups = 1, \(window)} : f32[6, 4]")
        == [.reshape, .reshape, .matmul])
    #expect(
      try Self.simplified(
        "\(image), %w: f32[3, 4] {plain \"w\"}", "%y = convolution %x, %w {groups = 2, \(window)} : f32[2, 3, 4, 4]") == [.convolution])
  }

  @Test("Elementwise work on a reshaped matrix moves to the matrix; on a matrix of other rows it stays")
  func reshapes() throws {
    let operands = "%m: f32[24, 5] {plain \"m\"}, %x: f32[2, 3, 4, 5] {plain \"x\"}, %v: f32[120] {plain \"v\"}"
    let sum = "%y = add %1, %x : f32[2, 3, 4, 5]"
    #expect(
      try Self.simplified(operands, "%1 = reshape %m {shape = <2, 3, 4, 5>} : f32[2, 3, 4, 5]\n" + sum) == [.reshape, .add, .reshape])
    #expect(try Self.simplified(operands, "%1 = reshape %v {shape = <2, 3, 4, 5>} : f32[2, 3, 4, 5]\n" + sum) == [.reshape, .add])
  }

  @Test("A sum over all pixels is one over the rows of a matrix; over some axes it stays")
  func sums() throws {
    let image = "%x: f32[2, 3, 4, 5] {plain \"x\"}"
    #expect(try Self.simplified(image, "%y = sum %x {axes = [0, 1, 2]} : f32[5]") == [.reshape, .sum])
    #expect(try Self.simplified(image, "%y = sum %x {axes = [1, 2]} : f32[2, 5]") == [.sum])
  }
}
