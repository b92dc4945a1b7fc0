package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.Ticker;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UringProbeTest {
  @Test
  void otherPlatformsAreNamed() {
    assertTrue(UringProbe.nativeCause("Mac OS X", "aarch64", null).contains("needs Linux"));
    assertTrue(UringProbe.nativeCause("Windows 11", "amd64", null).contains("Windows 11"));
    assertTrue(UringProbe.nativeCause("Linux", "s390x", null).contains("s390x"));
    assertNull(UringProbe.nativeCause("Linux", "aarch64", null));
  }

  @Test
  void failureToLoadJnaTellsTheWayOut() {
    String cause = UringProbe.nativeCause("Linux", "amd64", "java.lang.UnsatisfiedLinkError: x");
    assertTrue(cause.contains("UnsatisfiedLinkError"));
    assertTrue(cause.contains("noexec") && cause.contains("jna.tmpdir"));
    assertTrue(cause.contains("jna.nosys"));
  }

  @ParameterizedTest
  @CsvSource({
    Errno.EPERM + ", seccomp",
    Errno.EPERM + ", kernel.io_uring_disabled",
    Errno.EACCES + ", seccomp",
    Errno.ENOSYS + ", Linux 6.0",
    Errno.ENOMEM + ", memlock",
    Errno.EMFILE + ", ulimit -n"
  })
  void errorsOfTheSetupTellTheirRemedy(int errno, String remedy) {
    assertTrue(RingSetup.explain(errno).contains(remedy), RingSetup.explain(errno));
  }

  @Test
  void providerAndProbeAgree() {
    IoDriverProvider provider = provider();
    assertEquals("uring", provider.name());
    assertEquals(100, provider.priority());
    assertEquals(UringProbe.result().unavailabilityCause(), provider.unavailabilityCause());
  }

  /** Where io_uring is missing this is a refusal with the cause, else a driver that works. */
  @Test
  void createdDriverWorksOrSaysWhyNot() {
    IoDriverProvider provider = provider();
    IoDriverOptions options = new IoDriverOptions(8, 16, 4, 256, Ticker.SYSTEM);
    String cause = provider.unavailabilityCause();
    if (cause != null) {
      RingletException refused =
          assertThrows(RingletException.class, () -> provider.create(options));
      assertTrue(refused.getMessage().contains(cause));
      return;
    }
    IoDriver driver = provider.create(options);
    assertEquals("uring", driver.name());
    assertTrue(driver.description().contains("8 submission and 16 completion entries"));
    AtomicReference<Integer> result = new AtomicReference<>();
    driver.submit(TestRequest.delay(0));
    driver.park(Long.MAX_VALUE);
    while (result.get() == null) {
      driver.poll((request, value, payload, more) -> result.set(value));
      driver.flush();
    }
    driver.close((request, value, payload, more) -> {});
    assertEquals(0, result.get());
  }

  private static IoDriverProvider provider() {
    return ServiceLoader.load(IoDriverProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(candidate -> candidate.name().equals("uring"))
        .findFirst()
        .orElseThrow();
  }
}
