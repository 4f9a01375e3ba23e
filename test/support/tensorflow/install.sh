#!/bin/sh
# Brings TensorFlow for the processor into node_modules, on which training on a GPU is tested (GROKSCOPE_TENSORFLOW_CPU=1).
# 259 MB are fetched; what is there already stays.
set -eu
cd "$(dirname "$0")/../../.."
GROKSCOPE_TENSORFLOW_CPU=1 npm run -s gpu:tensorflow -- --processor --yes
