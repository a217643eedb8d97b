// SPDX-License-Identifier: Apache-2.0
/// \file
/// The whole public contract of the library.
#pragma once

#include <leeway/base/clock.hpp>
#include <leeway/base/currency.hpp>
#include <leeway/base/diagnostic.hpp>
#include <leeway/base/digest.hpp>
#include <leeway/base/id.hpp>
#include <leeway/base/money.hpp>
#include <leeway/base/ratio.hpp>
#include <leeway/base/result.hpp>
#include <leeway/base/reusable_vector.hpp>
#include <leeway/base/time.hpp>
#include <leeway/base/window.hpp>
#include <leeway/desk/desk.hpp>
#include <leeway/desk/events.hpp>
#include <leeway/desk/memory_store.hpp>
#include <leeway/desk/metrics.hpp>
#include <leeway/desk/open.hpp>
#include <leeway/desk/postgres_store.hpp>
#include <leeway/desk/sqlite_store.hpp>
#include <leeway/desk/standing.hpp>
#include <leeway/desk/store.hpp>
#include <leeway/engine/capability.hpp>
#include <leeway/engine/counting.hpp>
#include <leeway/engine/decision.hpp>
#include <leeway/engine/explanation.hpp>
#include <leeway/engine/json.hpp>
#include <leeway/engine/policy.hpp>
#include <leeway/engine/policy_set.hpp>
#include <leeway/engine/usage.hpp>
#include <leeway/model/atom.hpp>
#include <leeway/model/request.hpp>
#include <leeway/model/value.hpp>
#include <leeway/policy/document.hpp>
#include <leeway/policy/lint.hpp>
