extension Code {
  /// DRN0201: a name is used that nothing declares.
  public static let unknownName = Code(201, "unknown_name", .error, "A name is used that nothing declares.")
  /// DRN0202: a stage names neither a layer nor a block.
  public static let unknownLayer = Code(202, "unknown_layer", .error, "A stage names neither a layer nor a block.")
  /// DRN0203: a form, loss, optimizer, rate, event or source has no such method.
  public static let unknownMethod = Code(
    203, "unknown_method", .error, "A form, loss, optimizer, rate, event or source has no such method.")
  /// DRN0204: a call has an option its method does not take.
  public static let unknownOption = Code(204, "unknown_option", .error, "A call has an option its method does not take.")
  /// DRN0205: a call gives one option twice.
  public static let duplicateOption = Code(205, "duplicate_option", .error, "A call gives one option twice.")
  /// DRN0206: a call lacks an option its method requires.
  public static let missingOption = Code(206, "missing_option", .error, "A call lacks an option its method requires.")
  /// DRN0207: an option has a value of another kind than it takes.
  public static let optionKind = Code(207, "option_kind", .error, "An option has a value of another kind than it takes.")
  /// DRN0208: an option has a value outside its range.
  public static let optionRange = Code(208, "option_range", .error, "An option has a value outside its range.")
  /// DRN0209: a call has more unnamed arguments than its method takes.
  public static let surplusArgument = Code(209, "surplus_argument", .error, "A call has more unnamed arguments than its method takes.")
  /// DRN0210: two declarations of one kind have the same name.
  public static let duplicateDeclaration = Code(210, "duplicate_declaration", .error, "Two declarations of one kind have the same name.")
  /// DRN0211: two layers of one scope have the same name.
  public static let duplicateLabel = Code(211, "duplicate_label", .error, "Two layers of one scope have the same name.")
  /// DRN0212: a block contains itself.
  public static let recursiveBlock = Code(212, "recursive_block", .error, "A block contains itself.")
  /// DRN0213: a network or data set is named that no file declares.
  public static let unknownDeclaration = Code(213, "unknown_declaration", .error, "A network or data set is named that no file declares.")
  /// DRN0214: a layer does not fit the tensor it is given.
  public static let shapeMismatch = Code(214, "shape_mismatch", .error, "A layer does not fit the tensor it is given.")
  /// DRN0215: a network or tensor parameter has another shape than its declaration says.
  public static let resultShape = Code(
    215, "result_shape", .error, "A network or tensor parameter has another shape than its declaration says.")
  /// DRN0216: an argument of a block has another type than its parameter.
  public static let parameterType = Code(216, "parameter_type", .error, "An argument of a block has another type than its parameter.")
  /// DRN0217: a constant is divided by zero.
  public static let divisionByZero = Code(217, "division_by_zero", .error, "A constant is divided by zero.")
  /// DRN0218: a constant is too large to be computed exactly.
  public static let numberOverflow = Code(218, "number_overflow", .error, "A constant is too large to be computed exactly.")
  /// DRN0219: an operator is applied to a value it does not work on.
  public static let operandKind = Code(219, "operand_kind", .error, "An operator is applied to a value it does not work on.")
  /// DRN0220: a block or network returns no tensor.
  public static let missingReturn = Code(220, "missing_return", .error, "A block or network returns no tensor.")
  /// DRN0221: a parameter or result has a type the language does not have.
  public static let unknownType = Code(221, "unknown_type", .error, "A parameter or result has a type the language does not have.")
  /// DRN0222: a network unfolds into more layers or levels than drnc accepts.
  public static let networkTooLarge = Code(
    222, "network_too_large", .error, "A network unfolds into more layers or levels than drnc accepts.")
  /// DRN0223: a selector matches no layer.
  public static let unmatchedSelector = Code(223, "unmatched_selector", .error, "A selector matches no layer.")
  /// DRN0224: two clauses claim the same weight.
  public static let claimedTwice = Code(224, "claimed_twice", .error, "Two clauses claim the same weight.")
  /// DRN0225: a declaration or clause has an entry nothing reads.
  public static let unknownEntry = Code(225, "unknown_entry", .error, "A declaration or clause has an entry nothing reads.")
  /// DRN0226: a setting is given twice.
  public static let duplicateEntry = Code(226, "duplicate_entry", .error, "A setting is given twice.")
  /// DRN0227: a setting that has no default is not given.
  public static let missingEntry = Code(227, "missing_entry", .error, "A setting that has no default is not given.")
  /// DRN0228: a setting has no effect in this program.
  public static let unreadEntry = Code(228, "unread_entry", .error, "A setting has no effect in this program.")
  /// DRN0229: a tensor is needed where a constant stands, or a constant where a tensor stands.
  public static let notATensor = Code(
    229, "not_a_tensor", .error, "A tensor is needed where a constant stands, or a constant where a tensor stands.")
  /// DRN0230: a selector matches only layers without a matrix.
  public static let selectorWithoutMatrix = Code(230, "selector_without_matrix", .error, "A selector matches only layers without a matrix.")

  /// Codes DRN0200 to DRN0299.
  static let names: [Code] = [
    .unknownName, .unknownLayer, .unknownMethod, .unknownOption, .duplicateOption, .missingOption, .optionKind, .optionRange,
    .surplusArgument, .duplicateDeclaration, .duplicateLabel, .recursiveBlock, .unknownDeclaration, .shapeMismatch, .resultShape,
    .parameterType, .divisionByZero, .numberOverflow, .operandKind, .missingReturn, .unknownType, .networkTooLarge, .unmatchedSelector,
    .claimedTwice, .unknownEntry, .duplicateEntry, .missingEntry, .unreadEntry, .notATensor, .selectorWithoutMatrix,
  ]
}
