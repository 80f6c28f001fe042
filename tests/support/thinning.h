#pragma once
// Builds that are slowed down to find faults (sanitizers at -O0 make a case twenty times dearer) look at a tenth of the
// cases.

#if defined(__SANITIZE_ADDRESS__)
#define TOKENBILL_TENTH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TOKENBILL_TENTH 1
#endif
#endif
#ifdef TOKENBILL_TENTH
inline constexpr int thinning = 10;
#else
inline constexpr int thinning = 1;
#endif
