/// The update inside another one.
extension OptionSpec {
  static func innerUpdate(_ summary: String, among updates: [MethodSpec] = Updates.inner.map { $0.spec }) -> OptionSpec {
    OptionSpec("update", .method(updates), required: true, summary)
  }
}

extension Options {
  /// The value of `innerUpdate`.
  var innerUpdate: any DirectionalUpdate {
    let name = self["update"]?.name ?? SGD.spec.name
    guard let type = Updates.inner.first(where: { $0.spec.name == name }) else { return SGD(options: Options()) }
    return type.init(options: call("update").map { Options($0, spec: type.spec) } ?? Options(defaultsOf: type.spec))
  }
}
