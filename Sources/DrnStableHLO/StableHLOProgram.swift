import DrnIR

/// One function of a portable module as text of StableHLO.
///
/// Over several devices the text is that of one device but for attributes: a mesh of one axis `data`, the first axis of every part of the batch
/// divided over it, all else whole on every device. What a device computes and what is summed is left to the partitioner of XLA. A batch whose
/// rows the devices do not divide is whole on each of them.
public struct StableHLOProgram: Hashable, Sendable {
  /// A module with the function `main`.
  public let text: String
  /// What `main` takes and gives.
  public let manifest: StableHLOManifest

  /// Translates a function at the stage `portable`, whose types are concrete.
  ///
  /// Throws at an op that is no part of a step, at a tensor of more elements than a counter of 32 bits tells apart where random numbers or an
  /// order of elements need one, and where the function is not portable. With `dividesState` each device has its part of every tensor of optimizer
  /// state that has an axis the devices divide.
  public init(_ function: Function, devices: Int = 1, dividesState: Bool = false) throws(TranslationError) {
    var body = FunctionTranslation(function)
    try body.translate()
    manifest = StableHLOManifest(function, devices: max(1, devices), dividesState: dividesState)
    text = Self.text(manifest, body)
  }

  private static func text(_ manifest: StableHLOManifest, _ body: FunctionTranslation) -> String {
    let isMeshed = manifest.devices > 1
    let head = isMeshed ? " attributes {mhlo.num_partitions = \(manifest.devices) : i32, mhlo.num_replicas = 1 : i32}" : ""
    let mesh = isMeshed ? "  sdy.mesh @mesh = <[\"data\"=\(manifest.devices)]>\n" : ""
    let arguments = zip(manifest.arguments, body.arguments).map { port, value in
      var attributes = port.donatedTo.map { ["tf.aliasing_output = \($0) : i32"] } ?? []
      if isMeshed { attributes.append(port.sharding) }
      return "      \(value.name): \(value.type.text)\(listed(attributes))"
    }
    let results = zip(manifest.results, body.results).map { port, value in
      "      \(value.type.text)\(listed(isMeshed ? [port.sharding] : []))"
    }
    let (names, types) = (body.results.map(\.name).joined(separator: ", "), body.results.map(\.type.text).joined(separator: ", "))
    return "module @\(identifier(manifest.function))\(head) {\n\(mesh)  func.func public @main(\n\(arguments.joined(separator: ",\n"))\n"
      + "  ) -> (\n\(results.joined(separator: ",\n"))\n  ) {\n\(body.lines.map { "    \($0)\n" }.joined())"
      + "    return\(results.isEmpty ? "" : " \(names) : \(types)")\n  }\n}\n"
  }

  private static func listed(_ attributes: [String]) -> String {
    attributes.isEmpty ? "" : " {\(attributes.joined(separator: ", "))}"
  }

  /// The name of a function as a symbol of MLIR.
  private static func identifier(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}

extension StableHLOManifest.Port {
  /// Over which axis of the mesh each axis is divided.
  fileprivate var sharding: String {
    let axes = shape.indices.map { $0 == dividedAxis ? "{\"data\"}" : "{}" }
    return "sdy.sharding = #sdy.sharding<@mesh, [\(axes.joined(separator: ", "))]>"
  }
}

extension StableHLOManifest {
  fileprivate init(_ function: Function, devices: Int, dividesState: Bool) {
    let division = BatchDivision(function, devices: devices)
    let stateDivision = StateDivision(devices: dividesState ? devices : 1)
    func port(_ port: DrnIR.Port, isOfExamples: Bool, donatedTo result: Int?) -> Port {
      let type = function.type(of: port.value)
      let axis = port.role == .state ? stateDivision.axis(of: type.extents ?? []) : isOfExamples ? 0 : nil
      return Port(
        name: port.name, role: port.role, element: type.element, shape: type.extents ?? [], dividedAxis: axis, donatedTo: result)
    }
    self.init(
      function: function.name, devices: devices,
      arguments: function.arguments.map { argument in
        let type = function.type(of: argument.value)
        let next = function.results.firstIndex { $0.name == argument.name && function.type(of: $0.value) == type }
        return port(argument, isOfExamples: division?.axis(of: argument.value) == 0, donatedTo: next)
      },
      // What is given of each example stays where the example is.
      results: function.results.map {
        port($0, isOfExamples: $0.role == .output && division?.axis(of: $0.value) == 0, donatedTo: nil)
      })
  }
}
