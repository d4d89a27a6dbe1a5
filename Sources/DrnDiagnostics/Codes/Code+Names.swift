extension Code {
  public static let unknownName = Code(201, "unknown_name", "A name is used that nothing declares.", [.hidesUses])
  public static let unknownLayer = Code(202, "unknown_layer", "A stage names neither a layer nor a block.")
  public static let unknownMethod = Code(203, "unknown_method", "A form, loss, optimizer, rate, event or source has no such method.")
  public static let unknownOption = Code(204, "unknown_option", "A call has an option its method does not take.")
  public static let duplicateOption = Code(205, "duplicate_option", "A call gives one option twice.")
  public static let missingOption = Code(206, "missing_option", "A call lacks an option its method requires.", [.absence])
  public static let optionKind = Code(207, "option_kind", "An option has a value of another kind than it takes.")
  public static let optionRange = Code(208, "option_range", "An option has a value outside its range.")
  public static let surplusArgument = Code(209, "surplus_argument", "A call has more unnamed arguments than its method takes.")
  public static let duplicateDeclaration = Code(210, "duplicate_declaration", "Two declarations of one kind have the same name.")
  public static let duplicateLabel = Code(211, "duplicate_label", "Two layers of one scope have the same name.")
  public static let recursiveBlock = Code(212, "recursive_block", "A block contains itself.")
  public static let unknownDeclaration = Code(
    213, "unknown_declaration", "A network or data set is named that no file declares.", [.disagreement, .hidesUses])
  public static let shapeMismatch = Code(214, "shape_mismatch", "A layer does not fit the tensor it is given.")
  public static let resultShape = Code(
    215, "result_shape", "A network or tensor parameter has another shape than its declaration says.", [.absence])
  public static let parameterType = Code(216, "parameter_type", "An argument of a block has another type than its parameter.")
  public static let divisionByZero = Code(217, "division_by_zero", "A constant is divided by zero.")
  public static let numberOverflow = Code(218, "number_overflow", "A constant is too large to be computed exactly.")
  public static let operandKind = Code(219, "operand_kind", "An operator is applied to a value it does not work on.")
  public static let missingReturn = Code(220, "missing_return", "A block or network returns no tensor.", [.absence, .hidesUses])
  public static let unknownType = Code(221, "unknown_type", "A parameter or result has a type the language does not have.")
  public static let networkTooLarge = Code(222, "network_too_large", "A network unfolds into more layers or levels than drnc accepts.")
  public static let unmatchedSelector = Code(223, "unmatched_selector", "A selector matches no layer.", [.absence, .disagreement])
  public static let claimedTwice = Code(224, "claimed_twice", "Two clauses claim the same weight.")
  public static let unknownEntry = Code(225, "unknown_entry", "A declaration or clause has an entry nothing reads.")
  public static let duplicateEntry = Code(226, "duplicate_entry", "A setting is given twice.")
  public static let missingEntry = Code(227, "missing_entry", "A setting that has no default is not given.", [.absence])
  public static let unreadEntry = Code(228, "unread_entry", "A setting has no effect in this program.", [.absence])
  public static let notATensor = Code(
    229, "not_a_tensor", "A tensor is needed where a constant stands, or a constant where a tensor stands.")
  public static let selectorWithoutMatrix = Code(
    230, "selector_without_matrix", "A selector matches only layers without a matrix.", [.disagreement])

  /// Codes DRN0200 to DRN0299.
  static let names: [Code] = [
    .unknownName, .unknownLayer, .unknownMethod, .unknownOption, .duplicateOption, .missingOption, .optionKind, .optionRange,
    .surplusArgument, .duplicateDeclaration, .duplicateLabel, .recursiveBlock, .unknownDeclaration, .shapeMismatch, .resultShape,
    .parameterType, .divisionByZero, .numberOverflow, .operandKind, .missingReturn, .unknownType, .networkTooLarge, .unmatchedSelector,
    .claimedTwice, .unknownEntry, .duplicateEntry, .missingEntry, .unreadEntry, .notATensor, .selectorWithoutMatrix,
  ]
}
