/// Options of calls, and constants.
extension Code {
  public static let unknownOption = Code(
    204, "unknown_option",
    summary: "A call has an option its method does not take.",
    meaning: "A call names an option its method does not have.",
    failing: Example(settings: ["optimizer": "sgd(momentun: 0.9)"]),
    corrected: Example(settings: ["optimizer": "sgd(momentum: 0.9)"]),
    why: "An option that nothing reads would silently run another experiment.")

  public static let duplicateOption = Code(
    205, "duplicate_option",
    summary: "A call gives one option twice.",
    meaning: "A call gives the same option twice.",
    failing: Example(settings: ["optimizer": "sgd(momentum: 0.9, momentum: 0.5)"]),
    corrected: Example(settings: ["optimizer": "sgd(momentum: 0.9)"]),
    why: "Only one of the two values could be meant.")

  public static let missingOption = Code(
    206, "missing_option", traits: [.absence],
    summary: "A call lacks an option its method requires.",
    meaning: "A call leaves out an option that has no default.",
    failing: .fc1("from epoch 0: factored()"),
    corrected: .fc1("from epoch 0: factored(rank: 64)"),
    why: "There is no value that would be right for everyone.")

  public static let optionKind = Code(
    207, "option_kind",
    summary: "An option has a value of another kind than it takes.",
    meaning: "An option has a value of another kind than it takes.",
    failing: Example(network: "return image |> flatten |> fc1: linear(10, bias: 0)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(10, bias: false)"),
    why: "A number read as something else would run another experiment.")

  public static let optionRange = Code(
    208, "option_range",
    summary: "An option has a value outside its range.",
    meaning: "An option has a value outside the range in which its method works.",
    failing: Example(settings: ["optimizer": "sgd(momentum: 1.5)"]),
    corrected: Example(settings: ["optimizer": "sgd(momentum: 0.5)"]),
    why: "Outside its range a method diverges or means something else.")

  public static let surplusArgument = Code(
    209, "surplus_argument",
    summary: "A call has more unnamed arguments than its method takes.",
    meaning: "A call has more arguments without a name than its method takes.",
    failing: Example(network: "return image |> flatten |> fc1: linear(10, false)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(10, bias: false)"),
    why: "Options beyond the first are named, so that a reader knows which they are.")

  public static let divisionByZero = Code(
    217, "division_by_zero",
    summary: "A constant is divided by zero.",
    meaning: "A constant is divided by zero.",
    failing: Example(network: "return image |> flatten |> fc1: linear(512 div 0) |> fc2: linear(10)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(512 div 2) |> fc2: linear(10)"),
    why: "There is no such number.")

  public static let numberOverflow = Code(
    218, "number_overflow",
    summary: "A constant is too large to be computed exactly.",
    meaning: "A number of the source does not fit into 64 bits.",
    failing: Example(network: "return image |> flatten |> fc1: linear(9999999999999999999) |> fc2: linear(10)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(999) |> fc2: linear(10)"),
    why: "A number that wraps around would be another number.")

  public static let operandKind = Code(
    219, "operand_kind",
    summary: "An operator is applied to a value it does not work on.",
    meaning: "An operator stands beside a value it does not work on.",
    failing: Example(network: "return image |> flatten |> fc1: linear(256 + true) |> fc2: linear(10)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(256 + 1) |> fc2: linear(10)"),
    why: "Only numbers can be computed with, and only tensors added.")
}
