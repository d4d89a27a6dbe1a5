"""Writes a residual network of PyTorch, its names those of torchvision: residual_weights.py FOLDER.

FOLDER/resnet.safetensors and resnet.onnx hold a ResNet-20 for images of 32 x 32 with drawn weights and statistics, examples.safetensors four
images with its logits.
"""

import pathlib
import sys
import warnings

import torch
from safetensors.torch import save_file
from torch import nn


class BasicBlock(nn.Module):
    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = None
        if inputs != channels:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        inputs = 16
        for stage, channels in enumerate((16, 32, 64), 1):
            blocks = []
            for block in range(3):
                blocks.append(BasicBlock(inputs, channels, 2 if stage > 1 and block == 0 else 1))
                inputs = channels
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


def main(folder):
    torch.manual_seed(3)
    torch.set_num_threads(1)
    model = ResNet()
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.2, 0.2)
                module.running_mean.uniform_(-0.2, 0.2)
                module.running_var.uniform_(0.5, 1.5)
    model.eval()
    features = torch.randn(4, 3, 32, 32)
    with torch.no_grad():
        outputs = model(features)
    save_file(model.state_dict(), str(folder / "resnet.safetensors"))
    save_file({"features": features, "outputs": outputs}, str(folder / "examples.safetensors"))
    # In training mode, so that no batch norm is folded into a convolution; without momentum the statistics stay.
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.0
    warnings.simplefilter("ignore")
    torch.onnx.export(
        model.train(), (features,), str(folder / "resnet.onnx"), training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False,
        input_names=["features"], output_names=["outputs"], opset_version=17, dynamo=False)


main(pathlib.Path(sys.argv[1]))
