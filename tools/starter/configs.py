"""The starter's architecture: Stable Diffusion 1.5 scaled down, as diffusers and transformers configs."""

VOCABULARY, TOKENS, WIDTH = 2048, 77, 192
LATENT_CHANNELS, PIXELS, FACTOR = 32, 128, 16

VAE = dict(
    block_out_channels=(16, 16, 32, 64, 96),
    down_block_types=('DownEncoderBlock2D',) * 5,
    up_block_types=('UpDecoderBlock2D',) * 5,
    latent_channels=LATENT_CHANNELS,
    layers_per_block=1,
    norm_num_groups=4,  # 16 or 32 groups learn far worse with so few channels
    sample_size=PIXELS,
    scaling_factor=1.0,
    force_upcast=False,
    mid_block_add_attention=False,
)

UNET = dict(
    sample_size=PIXELS // FACTOR,
    in_channels=LATENT_CHANNELS,
    out_channels=LATENT_CHANNELS,
    block_out_channels=(96, 192),
    down_block_types=('DownBlock2D', 'CrossAttnDownBlock2D'),
    up_block_types=('CrossAttnUpBlock2D', 'UpBlock2D'),
    layers_per_block=1,
    cross_attention_dim=WIDTH,
    attention_head_dim=4,  # the number of heads, as in SD 1.5's config
    norm_num_groups=16,
)

TEXT = dict(
    hidden_size=WIDTH,
    intermediate_size=4 * WIDTH,
    projection_dim=WIDTH,
    num_hidden_layers=3,
    num_attention_heads=4,
    max_position_embeddings=TOKENS,
    hidden_act='quick_gelu',
    vocab_size=VOCABULARY,
    bos_token_id=VOCABULARY - 2,
    eos_token_id=VOCABULARY - 1,
    pad_token_id=VOCABULARY - 1,
)

SCHEDULER = dict(
    num_train_timesteps=1000,
    beta_start=0.00085,
    beta_end=0.012,
    beta_schedule='scaled_linear',
    clip_sample=False,
    set_alpha_to_one=True,
    steps_offset=1,
    prediction_type='v_prediction',
    timestep_spacing='trailing',
    rescale_betas_zero_snr=True,
)
