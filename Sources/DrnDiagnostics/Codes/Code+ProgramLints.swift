/// Doubtful names, values and declarations, and lints that are allowed.
extension Code {
  public static let unnamedLayer = Code(
    508, "unnamed_layer", severity: .hint, traits: [.lint],
    summary: "A layer with weights has no name of its own.",
    meaning: "A layer with weights has no label and is called after its operation.",
    failing: Example(network: "return image |> flatten |> linear(256) |> relu |> fc2: linear(10)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(256) |> relu |> fc2: linear(10)"),
    why: "Inserting another layer of that kind before it renames its saved weights.")

  public static let unusedBinding = Code(
    509, "unused_binding", severity: .warning, traits: [.lint],
    summary: "A `let` is never used.",
    meaning: "A `let` is never used.",
    failing: Example(
      network: """
        let flat = image |> flatten
        return image |> flatten |> fc1: linear(10)
        """
    ),
    corrected: Example(
      network: """
        let flat = image |> flatten
        return flat |> fc1: linear(10)
        """
    ),
    why: "What it names is computed in vain, or something else was meant.")

  public static let unusedDeclaration = Code(
    510, "unused_declaration", severity: .warning, traits: [.lint],
    summary: "A declaration is never used, so its body is not checked.",
    meaning: "A block, network or data set is never used.",
    failing: Example(
      blocks: """
        block wide(x: tensor, width: int) {
          return x |> fc: linear(width) |> relu
        }
        """
    ),
    corrected: Example(
      blocks: """
        block wide(x: tensor, width: int) {
          return x |> fc: linear(width) |> relu
        }
        """, network: "return image |> flatten |> hidden: wide(256) |> fc2: linear(10)"
    ),
    why: "The body of a block that nothing calls is not checked.")

  public static let dataAbsent = Code(
    514, "data_absent", severity: .hint, traits: [.lint],
    summary: "Data files are absent, so what they hold is not checked.",
    meaning: "The data files are not on this machine, and `data` does not state how many examples there are.",
    failing: Example(
      data: """
        source: fashion_mnist
        image: tensor[1, 28, 28]
        label: class(10)
        """
    ),
    corrected: Example(),
    why: "Shapes, classes and steps are then not compared with the files.")

  public static let unknownLint = Code(
    520, "unknown_lint",
    summary: "A lint is allowed that does not exist.",
    meaning: "`allow` names a lint that does not exist.",
    failing: Example(train: "allow: [cold_optimiser]"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: reset\nallow: [cold_optimizer]"),
    why: "A misspelt name allows nothing.")

  public static let unusedAllow = Code(
    521, "unused_allow", severity: .warning, traits: [.lint],
    summary: "A lint is allowed that does not occur.",
    meaning: "`allow` names a lint that does not occur in the program.",
    failing: Example(train: "allow: [cold_optimizer]"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: reset\nallow: [cold_optimizer]"),
    why: "It would hide the lint when it occurs later.")

  public static let pointlessValue = Code(
    522, "pointless_value", severity: .warning, traits: [.lint],
    summary: "A setting or option has a value that leaves nothing of what it is for.",
    meaning: "An option or setting is given a value with which it does nothing, or with which nothing works that depends on it.",
    failing: Example(settings: ["optimizer": "sgd(nesterov: true)"]),
    corrected: Example(settings: ["optimizer": "sgd(momentum: 0.9, nesterov: true)"]),
    why: "Whoever writes an option expects it to act, so another value was probably meant, or another option is missing.")

  public static let seesTheAnswer = Code(
    525, "sees_the_answer", severity: .warning, traits: [.lint],
    summary: "Attention sees the tokens that are to be predicted.",
    meaning: "The label of each position is the token that follows, and an `attend` of the network lets a position see those behind it.",
    failing: textModel(attention: "attend(q, k, v, heads: 4)"),
    corrected: textModel(attention: "attend(q, k, v, heads: 4, causal: true)"),
    why: "The network then copies the answer: its loss falls to zero and it can continue nothing.")

  private static func textModel(attention: String) -> Example {
    Example(
      data: """
        source: text("corpus.txt")
        text: tokens[32]
        label: next_token(65)
        examples: 10000
        """, input: "tokens[32]", output: "tensor[32, 65]",
      network: """
        let x = image |> embed: embedding(65, 64)
        let q = x |> query: linear(64)
        let k = x |> key: linear(64)
        let v = x |> value: linear(64)
        return \(attention) |> head: linear(65)
        """)
  }

  public static let squashedOutputs = Code(
    528, "squashed_outputs", severity: .warning, traits: [.lint],
    summary: "A network ends in an activation, and its loss takes the numbers before it.",
    meaning:
      "The last layer of the network is a softmax, its logarithm or another activation, and `cross_entropy` takes outputs of any size: it has the softmax in it.",
    failing: Example(network: "return image |> flatten |> fc1: linear(256) |> relu |> fc2: linear(10) |> softmax"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(256) |> relu |> fc2: linear(10)"),
    why:
      "A `log_softmax` before it changes nothing and takes time; of outputs between 0 and 1 no softmax is sharp: with 10 classes the loss cannot fall below 1.46, and the gradient is small where the network errs most. What `drnc predict` prints is probabilities without a softmax in the network."
  )

  public static let coupledDecay = Code(
    526, "coupled_decay", severity: .warning, traits: [.lint],
    summary: "The decay of a product goes through the moments of an optimizer with decoupled decay.",
    meaning:
      "Around a frozen base no decay of the trained tensors is one of the whole weight, so that under `decay: product` its gradient is added to that of the loss, also where the optimizer decays other weights beside its steps.",
    failing: .fc1(
      "from epoch 0: dense", "from epoch 10: adapter(rank: 64, alpha: 64)",
      train: "state: carry\nallow: [deployed_form]\nweight_decay: 0.1\ndecay: product", settings: ["optimizer": "adamw"]),
    corrected: .fc1(
      "from epoch 0: dense", "from epoch 10: adapter(rank: 64, alpha: 64)",
      train: "state: carry\nallow: [deployed_form]\nweight_decay: 0.1\ndecay: factors", settings: ["optimizer": "adamw"]),
    why:
      "The moments scale the sum: where the gradient of the loss is small, as late in training, the decay rules the step. A value of `weight_decay` that suits the dense network keeps factors from learning."
  )
}
