package dev.ringlet.scheduler;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs a test class once per driver; its constructor takes the driver's name. No test may leave
 * anything open.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NothingLeftOpen.class)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"uring", "nio"})
@interface OnBothDrivers {}
