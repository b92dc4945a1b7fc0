package dev.ringlet.reactive;

import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;

/**
 * A class of the TCK on one driver: its system is open while its tests run, one after the other.
 */
interface OnDriver {
  /** More than a machine is ever too busy for, one after the other. */
  int ATTEMPTS = 10;

  /** What TestNG calls. */
  @FunctionalInterface
  interface Step {
    void run() throws Throwable;
  }

  /**
   * Rule 3.13: the TCK collects garbage once, and gives that 100 ms, which a busy machine does not
   * always have. What is kept is kept at each attempt.
   *
   * @param setUp what comes before each test of the TCK
   */
  static void untilForgotten(Step test, Step setUp) throws Throwable {
    for (int attempt = 1; ; attempt++) {
      try {
        test.run();
        return;
      } catch (AssertionError kept) {
        if (attempt == ATTEMPTS) {
          throw kept;
        }
        setUp.run();
      }
    }
  }

  /** Long enough for a busy machine, and short where the TCK waits to see that nothing comes. */
  static TestEnvironment environment() {
    return new TestEnvironment(2_000, 100);
  }

  /** The system, which is the same for each call. */
  DriverUnderTest driver();

  /** Makes what the tests need; {@link TestSystem#atClose} is told what of it has to end. */
  default void prepare(TestSystem on) throws Exception {}

  /** Skips the class where the driver is not available. */
  @BeforeClass
  default void openSystem() throws Exception {
    prepare(driver().open());
  }

  @AfterClass
  default void closeSystem() {
    driver().close();
  }

  /** Also proves that each test's actors have stopped and all buffers are back. */
  @AfterMethod
  default void endTest() {
    driver().system().endTest();
  }
}
