/// Programs that use every form of the language.
enum Programs {
  static let resnet = """
    // ResNet-20 on CIFAR-10 with a dynamic rank schedule.

    data cifar10 {
      source:     cifar("data/cifar-10-batches-bin")
      image:      tensor[3, 32, 32]
      label:      class(10)
      validation: 10%                              // seeded, stratified
      prepare:    standardize(per: pixel)
      augment:    [pad_crop(4), flip_horizontal]
      last_batch: drop
    }

    block basic(x: tensor, channels: int, stride: int = 1, project: bool = false) {
      let y = x
        |> conv1: conv2d(channels, kernel: 3, stride: stride, bias: false) |> norm1: batch_norm |> relu
        |> conv2: conv2d(channels, kernel: 3, bias: false) |> norm2: batch_norm(scale: zeros)
      let shortcut = if project {
        x |> projection: conv2d(channels, kernel: 1, stride: stride, bias: false) |> projection_norm: batch_norm
      } else { x }
      return relu(y + shortcut)
    }

    network resnet20(image: tensor[3, 32, 32]) -> tensor[10] {
      return image
        |> stem: conv2d(16, kernel: 3, bias: false) |> stem_norm: batch_norm |> relu
        |> stage1: { basic(16, project: true)            |> repeat(2) { basic(16) } }
        |> stage2: { basic(32, stride: 2, project: true) |> repeat(2) { basic(32) } }
        |> stage3: { basic(64, stride: 2, project: true) |> repeat(2) { basic(64) } }
        |> global_average_pool
        |> head: linear(10)
    }

    train resnet20 on cifar10 {
      length:    150 epochs
      batch:     128
      seed:      7
      loss:      cross_entropy(smoothing: 0.1)
      optimizer: sgd(momentum: 0.9)                // the reference applies no decay here
      rate:      step(0.1, factor: 0.1, at: [epoch 100, epoch 130])
      state:     reset                             // at every transition, as published
      allow:     [cold_optimizer]

      weights stem, stage*.**.conv* {              // 19 layers
        from epoch 0:   factored(rank: 1/2 of outputs, initial: glorot_each)
        from epoch 55:  dense                      // inflate, exact: W = U V
        from epoch 120: adapter(rank: 1/2 of outputs, alpha: 16)
      }

      require: average(trainable_parameters) <= 0.80 * dense_cost
      every 5 epochs: report(effective_rank, stable_rank)
    }

    """

  static let methods = """
    train mlp on digits {
      from epoch 120: factored(rank: 1/2 of outputs) by svd(state: carry, error: 5%)
      weights blocks.** {
        from epoch 0:    dense
        from step 2500:  core(bases: frozen, rank: full) by svd(state: reset)
        every 500 steps: trim(below: 0.15, relative_to: largest, drop_at_most: 1/2, at_least: 1%, scope: from_output(10%), state: carry)
      }
      weights **.mlp.* {
        from epoch 0:    factored(rank: 2, buffer: 100, at_most: 1/2 of short_side)
        every 25 steps:  grow(until: explained_variance(0.9))
        from epoch 30:   factored(rank: current) by svd(state: carry)
      }
      weights conv* {
        from epoch 0:    tucker(ranks: (out: 1/2, in: 1/2), at_most: 200, at_least: 3)
        update:          basis_update(every: 10 steps, tolerance: 0.05)
      }
      weights **.attention.*, **.mlp.* { update: low_rank_gradient(adamw(), residual: 0.2, refresh: when_converged, at_most: 128) }
      weights **.attention.* { from epoch 0: factored(rank: linear(1/8, 1/2) of short_side, initial: svd) }
      weights stage*.** { from epoch 0: sparse(density: 10%)  every 5 epochs: mutate(prune_to: [8%, 9%, 10%], grow_to: 10%, at: [epoch 90, epoch 120]) }
      weights linear*   { from epoch 0: power(2)              at end: prune(keep: 5%) }
      optimizer: extrapolate(sgd(momentum: 0.9), gradient: previous, scale: 1/8)
      loss      { from epoch 0: cross_entropy   from epoch 200: cross_entropy(smoothing: 0.98) }
      trainable { from epoch 0: **              from epoch 200: head }
    }

    """

  static let forms = """
    import "common.drn"

    data digits {
      data: idx("a \\"b\\" \\\\ \\n.idx")
      on: true
      numbers: [1_000, 1e-4, 1.5e3, 0.5%, -3, - x.y[0], not a == b and c or d]
      sizes: [8 9 tensor[n - 1]]
      nested: ((a + b) * 2 div 3 mod 4 / 5)
    }

    network two(a: tensor, b: tensor = zeros) {
      let c = if n < 3 and not wide { a } else if n >= 4 { b } else {
        let d = a |> linear(3)
        return d
      }
      return c |> if wide { wide1: linear(8) |> relu } else if tall { relu } else { gelu }
        |> if deep { { relu } |> inner: { repeat(n) { linear(4) } } }
    }

    train two on digits {
      length: (n + 1) epochs
      warmup: n steps
      cycle(3) blocks[0].conv, head except blocks[*].norm*, stem {
        20 epochs: dense
        n steps: factored(rank: 4) by svd
        at [epoch 3, step n]: prune(keep: 5%, except: conv*, from: step 3)
        by_name: warm by svd()
      }
      empty { }
    }

    """

  static let all = [resnet, methods, forms]
}
