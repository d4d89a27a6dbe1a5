/// Places for the boxes of a graph, in layers from top to bottom: a box lies below everything it takes, and arrows over several layers go through
/// places of their own, so that none crosses a box.
struct GraphLayout {
  /// Something that takes room in a layer: a box, or where an arrow passes.
  private struct Slot {
    let width: Double
    var x = 0.0
    var above: [Int] = []
    var below: [Int] = []
  }

  /// The middle of each node.
  private(set) var centers: [(x: Double, y: Double)] = []
  /// The points each edge passes, from the foot of a box to the head of another.
  private(set) var routes: [[(x: Double, y: Double)]] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  private var slots: [Slot] = []
  private var layers: [[Int]] = []

  /// Room between boxes, and between layers.
  private static let gap = (x: 22.0, y: 36.0)
  /// The most places for arrows; longer arrows than fit are drawn straight.
  private static let mostPassages = 20_000

  init(sizes: [(width: Double, height: Double)], edges: [NetworkGraph.Edge]) {
    var depth = [Int](repeating: 0, count: sizes.count)
    for edge in edges where edge.from < edge.to { depth[edge.to] = max(depth[edge.to], depth[edge.from] + 1) }
    slots = sizes.map { Slot(width: $0.width) }
    layers = Array(repeating: [], count: (depth.max() ?? 0) + 1)
    for (node, layer) in depth.enumerated() { layers[layer].append(node) }
    var passages: [[Int]] = []
    var count = 0
    for edge in edges {
      var (last, passed): (Int, [Int]) = (edge.from, [])
      let span = depth[edge.to] - depth[edge.from] - 1
      count += max(0, span)
      if span > 0, count <= Self.mostPassages {
        for layer in depth[edge.from] + 1..<depth[edge.to] {
          slots.append(Slot(width: 16))
          layers[layer].append(slots.count - 1)
          link(last, slots.count - 1)
          last = slots.count - 1
          passed.append(last)
        }
      }
      link(last, edge.to)
      passages.append(passed)
    }
    order()
    place()
    finish(sizes, edges, depth, passages)
  }

  private mutating func link(_ upper: Int, _ lower: Int) {
    slots[upper].below.append(lower)
    slots[lower].above.append(upper)
  }

  /// Orders each layer by the mean place of what it is joined to, downwards and upwards in turn, so that few arrows cross.
  private mutating func order() {
    var positions = [Double](repeating: 0, count: slots.count)
    func settle(_ layer: [Int], _ positions: inout [Double]) {
      for (index, slot) in layer.enumerated() { positions[slot] = Double(index) - Double(layer.count - 1) / 2 }
    }
    for layer in layers { settle(layer, &positions) }
    for sweep in 0..<8 {
      let isDown = sweep % 2 == 0
      for index in isDown ? Array(layers.indices) : layers.indices.reversed() {
        let keys = layers[index].map { slot -> Double in
          let joined = isDown ? slots[slot].above : slots[slot].below
          return joined.isEmpty ? positions[slot] : joined.reduce(0) { $0 + positions[$1] } / Double(joined.count)
        }
        layers[index] = zip(layers[index], keys).enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map(
          \.element.0)
        settle(layers[index], &positions)
      }
    }
  }

  /// Moves each slot towards the mean of what it is joined to, as far as its neighbours let it.
  private mutating func place() {
    for layer in layers {
      var x = -(layer.reduce(0) { $0 + slots[$1].width + Self.gap.x } - Self.gap.x) / 2
      for slot in layer {
        slots[slot].x = x + slots[slot].width / 2
        x += slots[slot].width + Self.gap.x
      }
    }
    for sweep in 0..<24 {
      let isDown = sweep % 2 == 0
      for layer in isDown ? layers : layers.reversed() {
        let wanted = layer.map { slot -> Double in
          let joined = isDown ? slots[slot].above : slots[slot].below
          return joined.isEmpty ? slots[slot].x : joined.reduce(0) { $0 + slots[$1].x } / Double(joined.count)
        }
        spread(layer, wanted)
      }
    }
  }

  /// Places close to those wanted, in order and apart: neighbours that would overlap are taken together and centred on what they want.
  private mutating func spread(_ layer: [Int], _ wanted: [Double]) {
    // A group has a first place, a sum of where its first slot would stand by each of its slots' wishes, and a width.
    var groups: [(sum: Double, count: Int, width: Double, slots: Int)] = []
    for (index, slot) in layer.enumerated() {
      let width = slots[slot].width + Self.gap.x
      groups.append((wanted[index] - width / 2, 1, width, 1))
      while groups.count > 1 {
        let (left, right) = (groups[groups.count - 2], groups[groups.count - 1])
        guard left.sum / Double(left.count) + left.width > right.sum / Double(right.count) else { break }
        groups.removeLast(2)
        groups.append(
          (
            left.sum + right.sum - left.width * Double(right.count), left.count + right.count, left.width + right.width,
            left.slots + right.slots
          ))
      }
    }
    var index = 0
    for group in groups {
      var x = group.sum / Double(group.count)
      for slot in layer[index..<index + group.slots] {
        let width = slots[slot].width + Self.gap.x
        slots[slot].x = x + width / 2
        x += width
      }
      index += group.slots
    }
  }

  private mutating func finish(
    _ sizes: [(width: Double, height: Double)], _ edges: [NetworkGraph.Edge], _ depth: [Int], _ passages: [[Int]]
  ) {
    var left = Double.infinity
    var right = -Double.infinity
    for slot in slots { (left, right) = (min(left, slot.x - slot.width / 2), max(right, slot.x + slot.width / 2)) }
    let margin = 24.0
    var (tops, bottoms, y): ([Double], [Double], Double) = ([], [], margin + 18)
    for layer in layers {
      let most = layer.filter { $0 < sizes.count }.map { sizes[$0].height }.max() ?? 20
      tops.append(y)
      bottoms.append(y + most)
      y += most + Self.gap.y
    }
    (width, height) = (right - left + 2 * margin, y - Self.gap.y + margin)
    func x(_ slot: Int) -> Double { slots[slot].x - left + margin }
    centers = sizes.indices.map { (x($0), (tops[depth[$0]] + bottoms[depth[$0]]) / 2) }
    routes = zip(edges, passages).map { edge, passed in
      var points = [(x: x(edge.from), y: centers[edge.from].y + sizes[edge.from].height / 2)]
      for (offset, slot) in passed.enumerated() {
        let layer = depth[edge.from] + 1 + offset
        points += [(x: x(slot), y: tops[layer]), (x: x(slot), y: bottoms[layer])]
      }
      return points + [(x: x(edge.to), y: centers[edge.to].y - sizes[edge.to].height / 2)]
    }
  }
}
