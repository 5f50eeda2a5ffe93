;; Loops over vectors, two numbers an instruction. vectorLoops.ts says what each does, and what its parameters are.
;; A turn takes four numbers: two for the sums in $low, two for those in $high. A vector of a pair holds float32, half as
;; many bytes; its numbers are computed with as float64. $bytes becomes the address where the first vector ends.
;; Additions stand in the order in which vectors.ts makes them: results are the same to the bit.
(module
  (import "env" "memory" (memory 1))

  ;; (s0 + s1) + (s2 + s3)
  (func $total (param $low v128) (param $high v128) (result f64)
    (f64.add
      (f64.add (f64x2.extract_lane 0 (local.get $low)) (f64x2.extract_lane 1 (local.get $low)))
      (f64.add (f64x2.extract_lane 0 (local.get $high)) (f64x2.extract_lane 1 (local.get $high)))))

  (func (export "dot") (param $a i32) (param $b i32) (param $bytes i32) (result f64)
    (local $low v128) (local $high v128)
    (local.set $bytes (i32.add (local.get $a) (local.get $bytes)))
    (loop $turn
      (local.set $low
        (f64x2.add (local.get $low) (f64x2.mul (v128.load (local.get $a)) (v128.load (local.get $b)))))
      (local.set $high
        (f64x2.add (local.get $high)
          (f64x2.mul (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b)))))
      (local.set $a (i32.add (local.get $a) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (br_if $turn (i32.lt_u (local.get $a) (local.get $bytes))))
    (call $total (local.get $low) (local.get $high)))

  (func (export "dotWithPair") (param $a i32) (param $b i32) (param $bytes i32) (result f64)
    (local $low v128) (local $high v128)
    (local.set $bytes (i32.add (local.get $a) (local.get $bytes)))
    (loop $turn
      (local.set $low
        (f64x2.add (local.get $low)
          (f64x2.mul
            (v128.load (local.get $a))
            (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $b))))))
      (local.set $high
        (f64x2.add (local.get $high)
          (f64x2.mul
            (v128.load offset=16 (local.get $a))
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $b))))))
      (local.set $a (i32.add (local.get $a) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (br_if $turn (i32.lt_u (local.get $a) (local.get $bytes))))
    (call $total (local.get $low) (local.get $high)))

  (func (export "dotOfPair") (param $a i32) (param $b i32) (param $bytes i32) (result f64)
    (local $low v128) (local $high v128)
    (local.set $bytes (i32.add (local.get $a) (local.get $bytes)))
    (loop $turn
      (local.set $low
        (f64x2.add (local.get $low)
          (f64x2.mul
            (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $a)))
            (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $b))))))
      (local.set $high
        (f64x2.add (local.get $high)
          (f64x2.mul
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $a)))
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $b))))))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (br_if $turn (i32.lt_u (local.get $a) (local.get $bytes))))
    (call $total (local.get $low) (local.get $high)))

  (func (export "addScaledThenDot")
    (param $y i32) (param $scale f64) (param $x i32) (param $w i32) (param $bytes i32) (result f64)
    (local $low v128) (local $high v128) (local $moved v128)
    (local.set $bytes (i32.add (local.get $y) (local.get $bytes)))
    (loop $turn
      (local.set $moved
        (f64x2.add
          (v128.load (local.get $y))
          (f64x2.mul
            (f64x2.splat (local.get $scale))
            (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $x))))))
      (v128.store (local.get $y) (local.get $moved))
      (local.set $low
        (f64x2.add (local.get $low)
          (f64x2.mul
            (local.get $moved)
            (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $w))))))
      (local.set $moved
        (f64x2.add
          (v128.load offset=16 (local.get $y))
          (f64x2.mul
            (f64x2.splat (local.get $scale))
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $x))))))
      (v128.store offset=16 (local.get $y) (local.get $moved))
      (local.set $high
        (f64x2.add (local.get $high)
          (f64x2.mul
            (local.get $moved)
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $w))))))
      (local.set $y (i32.add (local.get $y) (i32.const 32)))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $w (i32.add (local.get $w) (i32.const 16)))
      (br_if $turn (i32.lt_u (local.get $y) (local.get $bytes))))
    (call $total (local.get $low) (local.get $high)))

  (func (export "addScaled") (param $y i32) (param $scale f64) (param $x i32) (param $bytes i32)
    (local.set $bytes (i32.add (local.get $y) (local.get $bytes)))
    (loop $turn
      (v128.store (local.get $y)
        (f64x2.add
          (v128.load (local.get $y))
          (f64x2.mul
            (f64x2.splat (local.get $scale))
            (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $x))))))
      (v128.store offset=16 (local.get $y)
        (f64x2.add
          (v128.load offset=16 (local.get $y))
          (f64x2.mul
            (f64x2.splat (local.get $scale))
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $x))))))
      (local.set $y (i32.add (local.get $y) (i32.const 32)))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (br_if $turn (i32.lt_u (local.get $y) (local.get $bytes)))))

  (func (export "moveAlong") (param $out i32) (param $x i32) (param $scale f64) (param $d i32) (param $bytes i32)
    (local.set $bytes (i32.add (local.get $out) (local.get $bytes)))
    (loop $turn
      (v128.store (local.get $out)
        (f64x2.add
          (v128.load (local.get $x))
          (f64x2.mul (f64x2.splat (local.get $scale)) (v128.load (local.get $d)))))
      (v128.store offset=16 (local.get $out)
        (f64x2.add
          (v128.load offset=16 (local.get $x))
          (f64x2.mul (f64x2.splat (local.get $scale)) (v128.load offset=16 (local.get $d)))))
      (local.set $out (i32.add (local.get $out) (i32.const 32)))
      (local.set $x (i32.add (local.get $x) (i32.const 32)))
      (local.set $d (i32.add (local.get $d) (i32.const 32)))
      (br_if $turn (i32.lt_u (local.get $out) (local.get $bytes)))))

  (func (export "setScaled") (param $out i32) (param $scale f64) (param $x i32) (param $bytes i32)
    (local.set $bytes (i32.add (local.get $out) (local.get $bytes)))
    (loop $turn
      (v128.store (local.get $out) (f64x2.mul (f64x2.splat (local.get $scale)) (v128.load (local.get $x))))
      (v128.store offset=16 (local.get $out)
        (f64x2.mul (f64x2.splat (local.get $scale)) (v128.load offset=16 (local.get $x))))
      (local.set $out (i32.add (local.get $out) (i32.const 32)))
      (local.set $x (i32.add (local.get $x) (i32.const 32)))
      (br_if $turn (i32.lt_u (local.get $out) (local.get $bytes)))))

  (func (export "subtract") (param $out i32) (param $a i32) (param $b i32) (param $bytes i32)
    (local.set $bytes (i32.add (local.get $out) (local.get $bytes)))
    (loop $turn
      (v128.store64_lane 0 (local.get $out)
        (f32x4.demote_f64x2_zero (f64x2.sub (v128.load (local.get $a)) (v128.load (local.get $b)))))
      (v128.store64_lane offset=8 0 (local.get $out)
        (f32x4.demote_f64x2_zero (f64x2.sub (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b)))))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (local.set $a (i32.add (local.get $a) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (br_if $turn (i32.lt_u (local.get $out) (local.get $bytes))))))
