import DrnIR

extension Options {
  /// The form that `of` calls, among those it may.
  func inner(of types: [any Parameterization.Type]) -> any Parameterization {
    let type = types.first { $0.spec.name == self["of"]?.name } ?? Dense.self
    return type.init(options: call("of").map { Options($0, spec: type.spec) } ?? Options(defaultsOf: type.spec))
  }
}

extension MethodSpec {
  /// Without the first values that are zero.
  var withoutZeroDraws: MethodSpec {
    let zeros = [FactorDraw.zerosLast, .zerosCore].map(\.rawValue)
    let options = options.map { option in
      guard case .word(let words) = option.kind, words.contains(where: zeros.contains) else { return option }
      return FactorDraw.option(
        words.compactMap(FactorDraw.init).filter { !zeros.contains($0.rawValue) },
        default: option.defaultValue?.word.flatMap(FactorDraw.init) ?? .glorotEach)
    }
    return MethodSpec(name, summary: summary, source: source, options: options, positional: positional)
  }
}
