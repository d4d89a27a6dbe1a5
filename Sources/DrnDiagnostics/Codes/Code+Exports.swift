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
}
