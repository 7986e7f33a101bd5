# What TensorBoard's own reader finds in event files, and safetensors' in a file, as JSON: python readExports.py EVENTS_FOLDER FILE.safetensors
import json
import os
import sys

from safetensors.numpy import load_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events, weights = sys.argv[1:]
found = {}
for run in sorted(os.listdir(events)):
    accumulator = EventAccumulator(os.path.join(events, run), size_guidance={'scalars': 0, 'images': 0})
    accumulator.Reload()
    tags = accumulator.Tags()
    found[run] = {
        'scalars': {tag: [[event.step, event.value, event.wall_time] for event in accumulator.Scalars(tag)] for tag in tags['scalars']},
        'images': {tag: [[event.step, event.width, event.height, event.encoded_image_string[1:4].decode()] for event in accumulator.Images(tag)] for tag in tags['images']},
    }
tensors = {name: [list(array.shape), str(array.dtype), float(array.astype('float64').sum())] for name, array in load_file(weights).items()}
print(json.dumps({'events': found, 'tensors': tensors}))
