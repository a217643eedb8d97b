// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

/// What libFuzzer does to an input, done to a JSON document: half the time to its bytes, otherwise
/// to its tree, so that what comes out is JSON again (members left out, copied, renamed, values
/// exchanged, texts changed by libFuzzer with its dictionary). For `LLVMFuzzerCustomMutator`.
std::size_t mutate_json(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed);
