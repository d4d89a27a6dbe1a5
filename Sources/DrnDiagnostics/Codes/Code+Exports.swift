/// What a run has left, and what is made of it for other systems.
extension Code {
  public static let exportRefused = Code(
    814, "export_refused",
    summary: "A network cannot be written in the format that is asked for.",
    meaning:
      "An operation or a layer has no counterpart in the format, the file would be larger than the format allows, or the preparation of the data is not known.",
    why: "A file that leaves a part of the network out, or stands for another one, would be taken for the network.")

  public static let mergeDiffers = Code(
    815, "merge_differs",
    summary: "Merged weights give other outputs than the factors they are made of.",
    meaning: "The largest difference of an output on the examples that are tried is above 1e-4 of the largest output.",
    why: "Multiplying factors rounds once more; where that is seen in the outputs, the merged network is another one.")

  public static let exportRanks = Code(
    816, "export_ranks",
    summary: "The steps of a phase are to be written whose ranks are decided while training.",
    meaning:
      "`svd(energy: ...)` and its like choose a rank by the weights at that moment. A file of StableHLO has numbers for every extent, so a program whose ranks are not known yet cannot be written.",
    why: "A step at any other rank would not fit the weights it is run with.")

  public static let importUnfit = Code(
    833, "import_unfit",
    summary: "A file of weights is not what a network needs.",
    meaning:
      "`drnc import` finds nothing in the file for a layer, has no place for a tensor of it, can tell layers apart by their order alone, or finds values that are no numbers. The layer is shown in the program, with the sizes that it needs.",
    why:
      "Weights in the wrong place look like a bad network. Nothing is written unless every tensor of both has its counterpart, or what is left out was agreed to by `--partial`, and what was guessed by `--by-order`."
  )

  public static let noSuchBatches = Code(
    835, "no_such_batches",
    summary: "The batches that are asked for are those of no run, or are not known before it.",
    meaning:
      "`drnc batches` is asked for more steps than the run has, or for those of a program with an event that takes examples out: what a later step is fed then depends on the training.",
    why: "Batches that differ from those of the run in one example would give other losses, and look like a wrong network.")

  public static let badNamePair = Code(
    834, "bad_name_pair",
    summary: "A pair of names given to `drnc import --map` cannot be followed.",
    meaning:
      "A pair is written `--map here=there`: a layer or tensor of the network, an equals sign, one of the file. One of the names is unknown or already taken, or the two have different sizes.",
    why: "A name that is mistyped must not be dropped: the layer would be found by other means, or not at all.")
}
