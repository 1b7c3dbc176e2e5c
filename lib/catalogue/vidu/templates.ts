/**
 * Names of templates that were seen on Vidu's pages and at a reseller, 2026-11-25. No call lists them, and the gallery
 * (platform.vidu.com/docs/templates) has more: they are suggestions, and any other name is taken as well.
 */
export const TEMPLATES: readonly string[] = (
	'across_the_universe_jungle across_the_universe_jurassic across_the_universe_moon ai_outfit aliens_coming ' +
	'american_comic auto_spin background_explosion balloon_flyaway balloonman_explodes_pro beast_chase_amazon ' +
	'beast_chase_library beast_chase_mountain beast_chase_supermarket beast_companion bjd_style bloom_doorobear ' +
	'bloom_magic blow_kiss blueprint_supreme bodyshake box_me break_glass cap_walk captain_america carry_me ' +
	'cartoon_doll cheek_kiss child_memory chill_dance christmas claw_me clayshot clayshot_duo clevage cloning ' +
	'clothes_spinning_remnant couple_arrival couple_drop couple_walk covered_liquid_metal creatice_product_down ' +
	'creatice_product_up cupid_arrow cute_bangs dame_un_grrr dragonboat_shot dreamy_wedding drive_ferrari drive_yacht ' +
	'dynasty_dress earth_zoom_in earth_zoom_out eat_mushrooms emoji_figure emotionlab exotic_princess fairy_me ' +
	'fashion_stride fishermen fisheye_human fisheye_pet flame_carpet flower_receive fluffy_plunge fly_with_doraemon ' +
	'flying french_kiss french_kiss_8s frost_carpet gender_swap get_thinner ghibli golden_epoch graduation grow_wings ' +
	'hair_color_change hair_swap happy_birthday head_to_balloon heeseung_march hip_flicking hip_twist hitchcock_zoom ' +
	'hug hug_from_behind hugging hugging_pro hulk hulk_dive i_know interaction irasutoya jiggle_up jojo_style ' +
	'jump2pool jump_to_cloud kiss kissing kissing_pro kwok_dance ladudu_me ladudu_me_random leg_sweep_dance ' +
	'lit_bounce live_memory live_photo love_drop love_fall love_pose love_story lunar_newyear make_face manga_meme ' +
	'mecha_x minecraft morphlab motor_dance multiple_people_kissing muscling nap_me orbit orbit_dolly ' +
	'orbit_dolly_fast oscar_gala outfit_show paper_fall paperman pet2human pet_belly_dance pet_finger pet_lovers ' +
	'petal_scattered pilot pinch pixel_me pole_dance pop_art pubg_winner_hit punch_hit quad_meme rain_kiss rat_dance ' +
	'relax_cut romantic_lift run_fast saber_warrior sakura_season sexy_me shake_it_dance shake_it_down shake_to_max ' +
	'shop_frame simpsons_comic slice_therapy smooth_shift soul_depart spin180 spin360 split_stance_human ' +
	'split_stance_pet squid_game star_carpet style_me subject_3 superman sweet_dreams sweet_proposal tap_me ' +
	'turn_into_zombie virtual_fitting virtual_singer walk_forward water_float watermelon_hit wave_dance ' +
	'wednesdays_vibe wish_sender workday_feels yayoi_kusama_style youth_rewind zongzi_drop zongzi_wrap zoom_in ' +
	'zoom_in_fast zoom_out_image zoom_out_startend'
).split(' ');
