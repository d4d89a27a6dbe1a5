/// What a program names with options: a layer, a form, an update, a loss, a rate, an event. Two of one type with equal options are the same.
public protocol Method: Sendable {
  /// The word, the options and the description of the method.
  static var spec: MethodSpec { get }
  /// Options already held against `spec`.
  init(options: Options)
  /// The options it was made from.
  var options: Options { get }
}

extension Method {
  /// The method with every option it has, in the order of its specification.
  public var callText: String {
    let spec = Self.spec
    let given = spec.options.compactMap { option in options[option.name].map { "\(option.name): \($0.text)" } }
    return given.isEmpty ? spec.name : "\(spec.name)(\(given.joined(separator: ", ")))"
  }
}
