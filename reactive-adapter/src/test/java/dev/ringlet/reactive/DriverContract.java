package dev.ringlet.reactive;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What holds on any driver; each test has a system of its own. */
abstract class DriverContract {
  TestSystem system;

  private final String driver;

  DriverContract(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void openSystem() {
    system = openAnother();
  }

  /** One more, for the test to close. */
  final TestSystem openAnother() {
    return TestSystem.open(driver);
  }

  /** Whatever a test does, its actors stop by themselves, or it has told what to end. */
  @AfterEach
  void closeSystem() {
    if (system != null) {
      system.endTest();
      system.close();
    }
  }
}
