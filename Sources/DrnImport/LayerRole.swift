/// The place of a layer in a network by what its path says, where the words for it differ: `layer2.0.bn1` of PyTorch and `timm`,
/// `stage2.0.norm1` of drnc's models, `stages.1.blocks.0.norm1` elsewhere are all the first normalization of the first block of the second stage.
struct LayerRole: Hashable {
  /// The number of the stage and of the block in it, as they are written; -1 outside of stages.
  var stage: Int
  var block: Int
  /// `stem`, `head`, `shortcut`, or the number of the convolution that it is or follows.
  let role: String
  let kind: LayerKind

  private static let wrappers: Set<Substring> = ["module", "model", "_orig_mod", "net", "network", "backbone", "state_dict", "base_model"]
  private static let stages: Set<Substring> = ["layer", "layers", "stage", "stages", "group"]
  private static let shortcuts: Set<Substring> = [
    "downsample", "shortcut", "projection", "projection_norm", "proj", "skip", "downsample_norm", "shortcut_norm",
  ]
  private static let stems: Set<Substring> = ["conv", "conv1", "stem", "conv_stem", "bn", "bn1", "norm", "norm1", "stem_norm", "init_conv"]
  private static let heads: Set<Substring> = ["fc", "head", "linear", "classifier", "logits", "output", "predictions"]

  /// `nil` for a path that none of these words describes.
  init?(_ path: String, _ kind: LayerKind) {
    self.kind = kind
    var words = path.split(separator: ".").drop { Self.wrappers.contains($0) }
    (stage, block) = (-1, -1)
    if let first = words.first, let number = Self.stage(first, words.dropFirst().first) {
      stage = number.value
      words = words.dropFirst(number.words)
      if let next = words.first, next == "blocks" || next == "block" { words = words.dropFirst() }
      if let next = words.first, let value = Int(next) {
        block = value
        words = words.dropFirst()
      }
      guard let word = words.first, let role = Self.role(word) else { return nil }
      self.role = role
      return
    }
    guard let word = words.first, words.count <= 2 else { return nil }
    if Self.heads.contains(word), kind == .matrix {
      role = "head"
    } else if Self.stems.contains(word) {
      role = "stem"
    } else {
      return nil
    }
  }

  /// `layer2`, or `stages` with a number behind it; and of how many words it is.
  private static func stage(_ word: Substring, _ next: Substring?) -> (value: Int, words: Int)? {
    let name = word.prefix { !$0.isNumber }
    guard stages.contains(name) else { return nil }
    if name == word { return next.flatMap { Int($0) }.map { ($0, 2) } }
    return Int(word.dropFirst(name.count)).map { ($0, 1) }
  }

  private static func role(_ word: Substring) -> String? {
    if shortcuts.contains(word) { return "shortcut" }
    let name = word.prefix { !$0.isNumber }
    guard ["conv", "bn", "norm"].contains(name), let number = Int(word.dropFirst(name.count)) else { return nil }
    return "\(number)"
  }

  /// Stages and blocks numbered from 0 in their order, since some count from 1; a role that two layers have is no one's.
  static func table(_ layers: [(path: String, kind: LayerKind)]) -> [LayerRole: Int] {
    let roles = layers.map { LayerRole($0.path, $0.kind) }
    let stages = Set(roles.compactMap { $0?.stage }.filter { $0 >= 0 }).sorted()
    var table: [LayerRole: Int] = [:]
    var doubled: Set<LayerRole> = []
    for (index, role) in roles.enumerated() {
      guard var role else { continue }
      let blocks = Set(roles.compactMap { $0?.stage == role.stage ? $0?.block : nil }.filter { $0 >= 0 }).sorted()
      role.block = blocks.firstIndex(of: role.block) ?? -1
      role.stage = stages.firstIndex(of: role.stage) ?? -1
      if table.updateValue(index, forKey: role) != nil { doubled.insert(role) }
    }
    return table.filter { !doubled.contains($0.key) }
  }
}

/// What a layer does, as far as its tensors show it.
enum LayerKind: Hashable {
  case matrix, convolution, normalization, other
}
