package dev.ringlet.uring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class where there is no io_uring, and says why. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresUring.Condition.class)
@interface RequiresUring {
  /** Asks the probe. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String cause = UringProbe.result().unavailabilityCause();
      return cause == null
          ? ConditionEvaluationResult.enabled("io_uring is there")
          : ConditionEvaluationResult.disabled("no io_uring: " + cause);
    }
  }
}
