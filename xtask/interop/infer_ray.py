"""Predicts a large table with ONNX Runtime on Ray, block by block.

    python infer_ray.py MODEL.ONNX TABLE OUT

TABLE is a CSV file or a folder of them, here or in a store that Ray reads (s3://...); OUT becomes a folder
of them with a column `prediction` more. The model is a regression of one target whose columns are numbers.
"""

import json
import sys

import numpy
import onnxruntime
import ray


class Predictor:
    """A worker of the cluster: it opens the model once, and is given block after block."""

    def __init__(self, model):
        self.session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        self.names = json.loads(self.session.get_modelmeta().custom_metadata_map["nnfs.inputs"])
        kind = self.session.get_inputs()[0].type
        self.dtype = {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64}[kind]

    def __call__(self, block):
        inputs = numpy.column_stack([block[name] for name in self.names]).astype(self.dtype)
        (predictions,) = self.session.run(["predictions"], {"inputs": inputs})
        return {**block, "prediction": predictions[:, 0]}


def main(model, table, out):
    with open(model, "rb") as file:
        # The bytes travel, so that no worker has to see the file.
        arguments = {"model": file.read()}
    # So many workers at most as the cluster has cores, but for one, which reads and writes.
    ray.init(log_to_driver=False)
    workers = max(1, int(ray.cluster_resources()["CPU"]) - 1)
    data = ray.data.read_csv(table)
    data = data.map_batches(
        Predictor,
        fn_constructor_kwargs=arguments,
        batch_size=4096,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers),
    )
    data.write_csv(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
