// SPDX-License-Identifier: Apache-2.0
// What a user of the installed package writes first; it builds with no flag of ours.
#include <leeway/leeway.hpp>

int main() {
  const leeway::money amount = leeway::usd(49, 99);
  return amount == leeway::usd(49, 99) ? 0 : 1;
}
