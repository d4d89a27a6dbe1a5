/// Shapes, types and the unfolding of networks.
extension Code {
  public static let recursiveBlock = Code(
    212, "recursive_block",
    summary: "A block contains itself.",
    meaning: "A block calls itself, directly or through other blocks.",
    failing: Example(
      blocks: """
        block deep(x: tensor) {
          return x |> fc: linear(64) |> inner: deep
        }
        """, network: "return image |> flatten |> body: deep |> fc2: linear(10)"
    ),
    corrected: Example(
      blocks: """
        block deep(x: tensor) {
          return x |> fc: linear(64) |> relu
        }
        """, network: "return image |> flatten |> body: repeat(3) { deep } |> fc2: linear(10)"
    ),
    why: "Unfolding it would never end.")

  public static let shapeMismatch = Code(
    214, "shape_mismatch",
    summary: "A layer does not fit the tensor it is given.",
    meaning: "A layer cannot take the tensor it is given.",
    failing: Example(
      network: """
        return image
          |> fc1: linear(10)
        """
    ),
    corrected: Example(
      network: """
        return image
          |> flatten
          |> fc1: linear(10)
        """
    ),
    why: "The first step would fail.")

  public static let resultShape = Code(
    215, "result_shape", traits: [.absence],
    summary: "A network or tensor parameter has another shape than its declaration says.",
    meaning: "A network returns, or a block is given, a tensor of another shape than declared.",
    failing: Example(network: "return image |> flatten |> fc1: linear(12)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(10)"),
    why: "The declaration is what readers and other files rely on.")

  public static let parameterType = Code(
    216, "parameter_type",
    summary: "An argument of a block has another type than its parameter.",
    meaning: "A block is given an argument of another type than its parameter is declared with.",
    failing: Example(
      blocks: """
        block wide(x: tensor, width: int) {
          return x |> fc: linear(width) |> relu
        }
        """, network: "return image |> flatten |> hidden: wide(0.5) |> fc2: linear(10)"
    ),
    corrected: Example(
      blocks: """
        block wide(x: tensor, width: int) {
          return x |> fc: linear(width) |> relu
        }
        """, network: "return image |> flatten |> hidden: wide(64) |> fc2: linear(10)"
    ),
    why: "A width must be an integer, a condition true or false.")

  public static let missingReturn = Code(
    220, "missing_return", traits: [.absence, .hidesUses],
    summary: "A block or network returns no tensor.",
    meaning: "A block or network has no `return`, or returns no tensor.",
    failing: Example(network: "let hidden = image |> flatten |> fc1: linear(10)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(10)"),
    why: "What it computes would be lost.")

  public static let unknownType = Code(
    221, "unknown_type",
    summary: "A parameter or result has a type the language does not have.",
    meaning: "A parameter or result is declared with a type the language does not have.",
    failing: Example(
      blocks: """
        block wide(x: tensor, width: integer) {
          return x |> fc: linear(width) |> relu
        }
        """, network: "return image |> flatten |> hidden: wide(256) |> fc2: linear(10)"
    ),
    corrected: Example(
      blocks: """
        block wide(x: tensor, width: int) {
          return x |> fc: linear(width) |> relu
        }
        """, network: "return image |> flatten |> hidden: wide(256) |> fc2: linear(10)"
    ),
    why: "The types are `tensor`, `int`, `float` and `bool`.")

  public static let networkTooLarge = Code(
    222, "network_too_large",
    summary: "A network unfolds into more layers or levels than drnc accepts.",
    meaning: "A network unfolds into more layers, or is nested more deeply, than drnc accepts.",
    failing: Example(network: "return image |> flatten |> body: repeat(100000) { relu |> relu } |> fc1: linear(10)"),
    corrected: Example(network: "return image |> flatten |> body: repeat(3) { relu |> relu } |> fc1: linear(10)"),
    why: "Such a program is nearly always a slip, and would exhaust the memory.")

  public static let notATensor = Code(
    229, "not_a_tensor",
    summary: "A tensor is needed where a constant stands, or a constant where a tensor stands.",
    meaning: "A constant stands where a tensor is needed, or a tensor where a constant is.",
    failing: Example(network: "return 3 |> fc1: linear(10)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(10)"),
    why: "A pipeline carries tensors, options are constants.")
}
